import {
  judgeGreen,
  keepsCrashing,
  notPlaced,
  rolledBack,
  wentBack,
} from '../../../src/domain/evidence/rollout';

const wanted = { taskDefinition: 'shop:2' };
const fleet = {
  taskDefinition: 'shop:2',
  desired: 2,
  running: 2,
  rollingOut: false,
  failedTasks: 0,
  events: [],
};
const targets = { healthy: 2, others: [] };

it('wants two good looks in a row', () => {
  expect(judgeGreen(wanted, fleet, targets, 0, undefined)).toMatchObject({ status: 'undecided', streak: 1 });
  expect(judgeGreen(wanted, fleet, targets, 1, undefined)).toMatchObject({ status: 'healthy' });
});

it('takes three ends of tasks for a crash loop, which ECS counts only where a task has a health check', () => {
  expect(keepsCrashing(['exit 1', 'exit 1'])).toBeUndefined();
  expect(keepsCrashing(['exit 1', 'exit 1', 'exit 1'])).toMatchObject({
    status: 'unhealthy',
    cause: 'green keeps crashing, 3 of its tasks ended by themselves',
  });
});

it.each([
  ['another version runs', { ...fleet, taskDefinition: 'shop:1' }, targets],
  ['a task is missing', { ...fleet, running: 1 }, targets],
  ['a scaling policy wants one more', { ...fleet, desired: 3 }, targets],
  ['no task is wanted any more', { ...fleet, desired: 0, running: 0 }, { healthy: 0, others: [] }],
  ['the rollout is not over', { ...fleet, rollingOut: true }, targets],
  ['a target is not healthy yet', fleet, { healthy: 1, others: [] }],
  [
    'a target is in a state that does not exist yet',
    fleet,
    { healthy: 2, others: [{ target: 't', state: 'new-state', reason: '' }] },
  ],
  ['there is no service', undefined, targets],
])('starts counting again when %s', (_title, fleetNow, targetsNow) =>
  expect(judgeGreen(wanted, fleetNow, targetsNow, 1, undefined)).toMatchObject({
    status: 'undecided',
    streak: 0,
  }),
);

it.each([
  ['scaled in', { ...fleet, desired: 1, running: 1 }, { healthy: 1, others: [] }],
  ['scaled in, with a task that is protected from it', { ...fleet, desired: 1 }, targets],
  ['scaled out', { ...fleet, desired: 3, running: 3 }, { healthy: 3, others: [] }],
])('is up with the tasks that are wanted now: %s', (_, fleetNow, targetsNow) =>
  expect(judgeGreen(wanted, fleetNow, targetsNow, 1, undefined).status).toBe('healthy'),
);

it('does not mind targets that drain: they belong to the previous version', () =>
  expect(
    judgeGreen(
      wanted,
      fleet,
      { healthy: 2, others: [{ target: 't', state: 'draining', reason: '' }] },
      1,
      undefined,
    ).status,
  ).toBe('healthy'));

it('is unhealthy at the deadline, with the targets and their reasons', () =>
  expect(
    judgeGreen(
      wanted,
      fleet,
      { healthy: 0, others: [{ target: '10.0.0.1:80', state: 'unhealthy', reason: 'code 503' }] },
      0,
      '21 s',
    ),
  ).toMatchObject({
    status: 'unhealthy',
    cause:
      'green is not healthy after 21 s: 2 of 2 tasks run, 0 healthy; 10.0.0.1:80 is unhealthy (code 503)',
  }));

it('does not wait for a green that keeps crashing', () =>
  expect(
    judgeGreen(wanted, { ...fleet, running: 0, failedTasks: 3 }, { healthy: 0, others: [] }, 0, undefined)
      .status,
  ).toBe('unhealthy'));

describe('a rollout in place', () => {
  it('has failed when ECS went back by itself, and not while ECS has not yet heard of it', () => {
    const old = { ...fleet, taskDefinition: 'shop:1' };
    expect(wentBack(wanted, old, 61)).toMatchObject({
      status: 'unhealthy',
      cause: 'ECS gave the rollout up and went back to shop:1',
    });
    expect(wentBack(wanted, old, 5)).toBeUndefined();
    expect(wentBack(wanted, { ...old, rollingOut: true }, 61)).toBeUndefined();
    expect(wentBack(wanted, fleet, 61)).toBeUndefined();
  });

  it.each([
    ['is undone when only the previous version runs, and is healthy', fleet, targets, undefined, 'returned'],
    [
      'is being undone while both versions run',
      { ...fleet, rollingOut: true },
      targets,
      undefined,
      'returning',
    ],
    ['is being undone while a target is missing', fleet, { healthy: 1, others: [] }, undefined, 'returning'],
    [
      'is undone when a scaling policy has changed the count',
      { ...fleet, desired: 1, running: 1 },
      { healthy: 1, others: [] },
      undefined,
      'returned',
    ],
    ['is stuck after the deadline', { ...fleet, running: 1 }, targets, '301 s', 'stuck'],
  ] as const)('%s', (_title, fleetNow, targetsNow, late, status) =>
    expect(
      rolledBack(wanted, { ...fleetNow, events: [] }, { healthy: targetsNow.healthy, others: [] }, late, true)
        .status,
    ).toBe(status),
  );
});

it.each([
  ['a pure worker that was scaled to none is back', false, 0, 'returned'],
  ['not while a task of it still stops', false, 1, 'returning'],
  ['a service with users is not back without a task', true, 0, 'returning'],
] as const)('%s', (_, served, running, status) =>
  expect(
    rolledBack(wanted, { ...fleet, desired: 0, running }, { healthy: 0, others: [] }, undefined, served)
      .status,
  ).toBe(status),
);

describe('a service whose tasks cannot be placed', () => {
  const unable =
    '(service shop) was unable to place a task. Reason: Capacity is unavailable at this time. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
  const reason = 'Capacity is unavailable at this time';
  const started = '(service shop) has started 2 tasks: (task 1) (task 2).';
  it('has the reason in the words of ECS, until a task has been placed since', () => {
    expect(notPlaced([unable, started])).toBe(reason);
    expect(notPlaced(['(service shop) deregistered 1 targets', unable])).toBe(reason);
    expect(notPlaced([started, unable])).toBeUndefined();
    expect(notPlaced([])).toBeUndefined();
  });
  it('is not said to crash', () => {
    const short = { ...fleet, running: 1, rollingOut: true, events: [unable] };
    expect(judgeGreen(wanted, { ...short, failedTasks: 3 }, targets, 0, undefined)).toMatchObject({
      status: 'unhealthy',
      cause: `green does not start: 1 of 2 tasks run, 2 healthy; ECS cannot place its tasks: ${reason}`,
    });
    expect(judgeGreen(wanted, short, targets, 0, '600 s').cause).toContain(
      `cannot place its tasks: ${reason}`,
    );
    expect(rolledBack(wanted, short, targets, '600 s', true).cause).toContain(
      `cannot place its tasks: ${reason}`,
    );
  });
});
