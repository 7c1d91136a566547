import { approvalOf } from '../../../src/domain/approval/rules';
import type { MigrationPlan } from '../../../src/domain/migrations/plan';
import type { Strategy } from '../../../src/domain/settings/choices';
import { settingsSchema } from '../../../src/domain/settings/settings';

const plan = (...names: (keyof MigrationPlan['classes'])[]) => ({
  classes: Object.fromEntries(names.map((name) => [name, 1])),
});
const facts = {
  environment: 'production',
  plan: plan('expand'),
  strategy: 'CANARY' as Strategy,
  required: false,
  outsideWindow: null as string | null,
  agreed: false,
  rules: [],
};

it.each([
  ['no rule', {}, false, 'no rule asks for one'],
  [
    'a rule without conditions',
    { rules: [{}] },
    true,
    'rule 1 of the service asks for one: every deployment',
  ],
  ['its environment', { rules: [{ environments: ['production'] }] }, true, 'environment production'],
  ['another environment', { rules: [{ environments: ['staging'] }] }, false, 'no rule'],
  ['one of its classes', { rules: [{ classes: ['contract', 'expand'] }] }, true, 'migrations expand'],
  ['none of its classes', { rules: [{ classes: ['contract'] }] }, false, 'no rule'],
  ['a class, but no migrations', { plan: null, rules: [{ classes: ['expand'] }] }, false, 'no rule'],
  [
    'its strategy',
    { strategy: 'MAINTENANCE', rules: [{ strategies: ['MAINTENANCE'] }] },
    true,
    'strategy MAINTENANCE',
  ],
  ['another strategy', { rules: [{ strategies: ['MAINTENANCE'] }] }, false, 'no rule'],
  [
    'both of two conditions',
    { rules: [{ environments: ['production'], strategies: ['CANARY'] }] },
    true,
    'environment production and strategy CANARY',
  ],
  [
    'one of two conditions',
    { rules: [{ environments: ['production'], strategies: ['LINEAR'] }] },
    false,
    'no rule',
  ],
  [
    'the second of two rules',
    { rules: [{ environments: ['test'] }, { classes: ['expand'] }] },
    true,
    'rule 2',
  ],
  ['the request itself', { required: true }, true, 'the request asks for one'],
  ['a rule and the request', { required: true, rules: [{}] }, true, 'rule 1'],
  [
    'a reason to begin outside of windows, whatever the rules say',
    { outsideWindow: 'users cannot pay' },
    true,
    'outside of deployment windows: users cannot pay',
  ],
] as const)('with %s', (_case, changes, needed, because) => {
  const approval = approvalOf({ ...facts, ...changes } as Parameters<typeof approvalOf>[0]);
  expect(approval).toEqual({ needed, given: false, because: expect.stringContaining(because) });
});

it('asks once where nothing has changed since people agreed, and nobody where nobody had to', () => {
  expect(approvalOf({ ...facts, agreed: true, required: true })).toMatchObject({
    needed: false,
    given: true,
  });
  expect(approvalOf({ ...facts, agreed: true })).toMatchObject({ needed: false, given: false });
});

it('has a day for an answer, and no answer is a no, unless the settings say otherwise', () => {
  expect(settingsSchema.shape.approval.parse(undefined)).toEqual({
    rules: [],
    timeoutSeconds: 86_400,
    onTimeout: 'reject',
  });
});

it.each([
  [{ timeoutSeconds: 259_201 }, 'Too big'],
  [{ rules: [{ classes: ['rewrite'] }] }, 'Invalid option'],
  [{ rules: [{ environment: ['production'] }] }, 'Unrecognized key'],
])('refuses %j', (approval, problem) =>
  expect(settingsSchema.shape.approval.safeParse(approval).error?.message).toContain(problem),
);
