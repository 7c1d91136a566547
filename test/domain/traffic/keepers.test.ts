import { keptBy, withProtected } from '../../../src/domain/traffic/keepers';

const slot = { service: 'shop-a', desired: 0, running: 1, protectedTasks: [], minimum: undefined };
const task = 'arn:aws:ecs:eu-west-1:123456789012:task/shop/3f2a';
const until = '2026-11-30T12:00:00.000Z';

it.each([
  ['nothing that is known', {}, '1 tasks of shop-a still run'],
  [
    'protection',
    { protectedTasks: [{ task, until }], minimum: 2 },
    `1 tasks of shop-a still run: task 3f2a is protected from being scaled in until ${until}`,
  ],
  [
    "a policy's minimum",
    { desired: 1, minimum: 1 },
    '1 tasks of shop-a still run: its scalable target has a minimum capacity of 1',
  ],
  [
    'somebody else',
    { desired: 3, running: 3 },
    '3 tasks of shop-a still run: somebody else sets its desired count to 3',
  ],
])('tells what keeps a slot: %s', (_, change, text) => expect(keptBy({ ...slot, ...change })).toBe(text));

it('adds protected tasks to what was seen, where there are any', () => {
  expect(withProtected('seen', [])).toBe('seen');
  expect(withProtected('seen', [{ task, until: '' }])).toBe(
    'seen; task 3f2a is protected from being scaled in',
  );
});
