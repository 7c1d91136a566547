import {
  type ExecutionState,
  reconcile,
  recoveryName,
  rollbackName,
} from '../../../src/domain/recovery/reconcile';

const now = new Date('2026-05-01T12:00:00Z');
const held = {
  holder: 'release-7',
  execution: 'arn:7',
  expires: '2026-05-01T12:30:00.000Z',
  stuck: false,
};
const ended = { ...held, expires: '2026-05-01T11:59:00.000Z' };
const none: ExecutionState[] = ['unknown', 'unknown', 'unknown'];

it.each<[string, Parameters<typeof reconcile>[0], string]>([
  ['a free lock', { driver: 'unknown', recoveries: none, now }, 'nothing'],
  ['an execution that runs', { held, driver: 'running', recoveries: none, now }, 'nothing'],
  ['one that runs beyond its lease', { held: ended, driver: 'running', recoveries: none, now }, 'nothing'],
  ['one that is over', { held, driver: 'over', recoveries: none, now }, 'recover 1'],
  ['one that nobody knows yet', { held, driver: 'unknown', recoveries: none, now }, 'nothing'],
  [
    'one that nobody knows, after its lease',
    { held: ended, driver: 'unknown', recoveries: none, now },
    'recover 1',
  ],
  [
    'a recovery that runs',
    { held, driver: 'over', recoveries: ['running', 'unknown', 'unknown'], now },
    'nothing',
  ],
  [
    'a recovery that is over',
    { held, driver: 'over', recoveries: ['over', 'unknown', 'unknown'], now },
    'recover 2',
  ],
  ['two that are over', { held, driver: 'over', recoveries: ['over', 'over', 'unknown'], now }, 'recover 3'],
  ['the last that runs', { held, driver: 'over', recoveries: ['over', 'over', 'running'], now }, 'nothing'],
  ['all that are over', { held, driver: 'over', recoveries: ['over', 'over', 'over'], now }, 'tell'],
  [
    'a deployment that waits for a person',
    { held: { ...held, stuck: true }, driver: 'over', recoveries: none, now },
    'nothing',
  ],
])('finds %s', (_title, left, expected) => {
  const decision = reconcile(left);
  expect(decision.do === 'recover' ? `recover ${decision.attempt}` : decision.do).toBe(expected);
});

it('names executions that Step Functions accepts, however long the deployment is called', () => {
  for (const name of ['release-7', 'x'.repeat(80)])
    for (const named of [recoveryName(name, 3), rollbackName(name, 12)]) {
      expect(named.length).toBeLessThanOrEqual(80);
      expect(named).toMatch(/-(recover-3|rollback-12)$/);
    }
});
