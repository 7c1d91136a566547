import { lately, mayReturn, tasksForAll, tasksForShare } from '../../../src/domain/traffic/need';

const tasks = (desired: number, running = desired) => ({ desired, running });

/** Blue is in slot a, green in slot b. */
it.each([
  ['blue that serves alone', tasks(4), tasks(0), { a: 100, b: 0 }, undefined, 4],
  ['green started beside it', tasks(4), tasks(4), { a: 100, b: 0 }, undefined, 4],
  ['blue that grew before the first shift', tasks(6), tasks(2), { a: 100, b: 0 }, 2, 6],
  ['equal sides that nobody scales', tasks(2), tasks(2), { a: 50, b: 50 }, 2, 2],
  ['green that was scaled in at 50 %', tasks(2), tasks(1), { a: 50, b: 50 }, 2, 2],
  ['both sides that were scaled in at 50 %', tasks(5), tasks(5), { a: 50, b: 50 }, 10, 10],
  ['both sides on their smallest', tasks(1), tasks(1), { a: 50, b: 50 }, 2, 2],
  ['a load that fell', tasks(3), tasks(3), { a: 50, b: 50 }, 10, 6],
  ['both sides that grew at 50 %', tasks(4), tasks(4), { a: 50, b: 50 }, 2, 8],
  ['blue that grew beside a green that did not', tasks(10), tasks(2), { a: 50, b: 50 }, 2, 10],
  ['a canary of 5 % of many', tasks(20), tasks(20), { a: 95, b: 5 }, 20, 20],
  ['a canary of 5 % that was scaled in to one', tasks(20), tasks(1), { a: 95, b: 5 }, 20, 20],
  ['blue that shrank while everybody was on green', tasks(1), tasks(4), { a: 0, b: 100 }, 2, 4],
  ['green that grew while everybody was on it', tasks(2), tasks(7), { a: 0, b: 100 }, 2, 7],
  ['a green that crashes: what is wanted counts', tasks(2), tasks(4, 1), { a: 0, b: 100 }, 4, 4],
  ['one slot rolled out in place', tasks(3, 6), tasks(0), { a: 100, b: 0 }, undefined, 3],
  ['a side that serves although it was told to stop', tasks(0, 2), tasks(0), { a: 100, b: 0 }, 3, 2],
  ['a closed service', tasks(0), tasks(3), { a: 0, b: 0, page: 100 }, 4, 4],
  ['nothing at all', tasks(0), tasks(0), { a: 100, b: 0 }, undefined, 1],
  ['a service that has never had a task', tasks(0), tasks(0), { a: 100, b: 0 }, 0, 1],
  ['a split of which nobody knows what was before', tasks(2), tasks(2), { a: 50, b: 50 }, undefined, 4],
])('%s', (_, a, b, weights, before, all) => expect(tasksForAll({ a, b }, weights, before)).toBe(all));

it.each([
  [20, 5, 1],
  [21, 5, 2],
  [2, 50, 1],
  [3, 50, 2],
  [10, 30, 3],
  [7, 100, 7],
  [1, 1, 1],
])('of %d tasks, %d %% of the users need %d', (all, percent, needed) =>
  expect(tasksForShare(all, percent)).toBe(needed),
);

it('believes what the newest minute or all of them say of requests, whichever is worse', () => {
  const minute = (until: number, errors: number, unanswered = 0) => ({
    ...{ until: until * 60_000, requests: 100, errors, unanswered, clientErrors: 0 },
  });
  expect(lately([minute(1, 0), minute(2, 0), minute(3, 90)])).toMatchObject({ requests: 100, errors: 90 });
  expect(lately([minute(1, 60, 60), minute(2, 60, 60), minute(3, 0)])).toMatchObject({
    requests: 300,
    errors: 120,
  });
  expect(lately([])).toMatchObject({ requests: 0, errors: 0 });
});

describe('users go back to blue', () => {
  const serving = { healthy: 2, requests: 900, errors: 0 };
  const short = '1 healthy of the 2 tasks that all users need on blue';
  const none = '0 healthy of the 2 tasks that all users need on blue';
  it.each([
    ['at once when it has its tasks', 2, serving, undefined, 'return', ''],
    ['at once when it has more', 3, serving, undefined, 'return', ''],
    ['when its tasks have come up, while green serves', 1, serving, undefined, 'wait', short],
    [
      'when its tasks have come up, while green fails fewer users than blue lacks tasks',
      1,
      { ...serving, errors: 300 },
      undefined,
      'wait',
      short,
    ],
    [
      'at once when green fails more of them than blue lacks tasks',
      1,
      { ...serving, errors: 460 },
      undefined,
      'return',
      `${short}, because green failed 460 of the last 900 requests`,
    ],
    [
      'at once when no target of green is healthy',
      1,
      { healthy: 0, requests: 0, errors: 0 },
      undefined,
      'return',
      `${short}, because green has none`,
    ],
    ['although its tasks never came up', 1, serving, '301 s', 'return', `${short} after 301 s`],
    ['never while it has none', 0, { ...serving, healthy: 0 }, undefined, 'wait', none],
    [
      'never when it gets none',
      0,
      serving,
      '301 s',
      'refuse',
      `${none} after 301 s, so traffic stays where it is`,
    ],
  ])('%s', (_, healthy, green, late, what, because) =>
    expect(mayReturn({ needed: 2, healthy, green, late })).toEqual({ do: what, because }),
  );
});
