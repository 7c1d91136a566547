import type { Deployment } from '../../../src/domain/deployment/deployment';
import {
  dueWorkers,
  familiesOf,
  immovable,
  judgeWorker,
  plannedMove,
  rests,
  type WorkerSeen,
  type WorkerTask,
  workerRemains,
} from '../../../src/domain/workers/moves';
import { switchName, type Worker, workerName, workerSchema } from '../../../src/domain/workers/settings';

const BEGAN = '2026-01-05T09:00:00.000Z';
const after = (seconds: number) => new Date(Date.parse(BEGAN) + seconds * 1000);
const task = (name: string, revision: number, runs: Partial<WorkerTask> = {}): WorkerTask => ({
  task: `arn:task/main/${name}`,
  taskDefinition: `arn:task-definition/worker:${revision}`,
  health: 'UNKNOWN',
  runsSince: BEGAN,
  stopping: false,
  ...runs,
});
const stop = (seconds: number, code = 'EssentialContainerExited') => ({
  taskDefinition: 'arn:task-definition/worker:2',
  at: after(seconds).getTime(),
  code,
  reason: 'Essential container in task exited (shop 1)',
});

const seen: WorkerSeen = {
  name: 'worker',
  wanted: { taskDefinition: 'arn:task-definition/worker:2' },
  fleet: {
    taskDefinition: 'arn:task-definition/worker:2',
    desired: 1,
    running: 1,
    rollingOut: false,
    failedTasks: 0,
    events: [],
  },
  tasks: [task('t1', 2)],
  stops: [],
  steadySeconds: 40,
  since: BEGAN,
  now: after(40),
  limitSeconds: 600,
};

it.each<[string, Partial<WorkerSeen>]>([
  ['its tasks have run for long enough', {}],
  ['they are healthy by their own check', { now: after(1), tasks: [task('t1', 2, { health: 'HEALTHY' })] }],
  ['none is wanted', { fleet: { ...seen.fleet, desired: 0, running: 0 }, tasks: [], now: after(1) }],
  ['one that failed at first has made way for one that stays', { stops: [stop(1)] }],
])('is steady when %s', (_, change) =>
  expect(judgeWorker({ ...seen, ...change })).toEqual({ status: 'steady', cause: '' }),
);

it.each<[string, Partial<WorkerSeen>, RegExp]>([
  ['a task is young', { now: after(39) }, /^worker worker: 0 of 1 tasks of worker:2 stay up$/],
  ['a task is not healthy', { tasks: [task('t1', 2, { health: 'UNHEALTHY' })] }, /0 of 1 tasks/],
  ['a task only starts', { tasks: [task('t1', 2, { runsSince: null })] }, /0 of 1 tasks/],
  ['a task ends again', { tasks: [task('t1', 2, { stopping: true })] }, /0 of 1 tasks/],
  ['a task is missing', { fleet: { ...seen.fleet, desired: 2 } }, /1 of 2 tasks/],
  ['the rollout goes on', { fleet: { ...seen.fleet, rollingOut: true } }, /1 of 1 tasks/],
  ['an old task runs', { tasks: [...seen.tasks, task('t0', 1)] }, /1 of another revision run$/],
  [
    'ECS has no room',
    {
      now: after(1),
      fleet: {
        ...seen.fleet,
        events: ['(service worker) was unable to place a task. Reason: RESOURCE:MEMORY.'],
      },
    },
    /; ECS cannot place its tasks: RESOURCE:MEMORY$/,
  ],
  [
    'it was told just now',
    {
      now: after(1),
      fleet: { ...seen.fleet, taskDefinition: 'arn:task-definition/worker:1', failedTasks: 9 },
    },
    /0 of 1 tasks/,
  ],
])('is moving while %s', (_, change, cause) => {
  const look = judgeWorker({ ...seen, ...change });
  expect(look).toEqual({ status: 'moving', cause: expect.stringMatching(cause) });
});

it.each<[string, Partial<WorkerSeen>, RegExp]>([
  [
    'its tasks keep ending',
    { tasks: [], stops: [stop(9), stop(5), stop(2), stop(-5)] },
    /: 3 of its tasks have failed; 0 of 1 .*; the newest stopped task says EssentialContainerExited: .*shop 1/,
  ],
  [
    'ECS counts so many failures',
    { tasks: [], fleet: { ...seen.fleet, failedTasks: 4 } },
    /: 4 of its tasks have failed/,
  ],
  [
    'ECS has gone back',
    {
      now: after(90),
      stops: [stop(8)],
      fleet: { ...seen.fleet, taskDefinition: 'arn:task-definition/worker:1' },
    },
    /: ECS gave the rollout up and went back to .*worker:1; .*the newest stopped task/,
  ],
  ['its time is over', { tasks: [], now: after(601) }, /: it is not steady after 601 s; 0 of 1 tasks/],
])('has failed when %s', (_, change, cause) => {
  const look = judgeWorker({ ...seen, ...change });
  expect(look).toEqual({ status: 'failed', cause: expect.stringMatching(cause) });
});

it('does not count what the version before it has left', () => {
  const old = [1, 2, 3].map((seconds) => ({
    ...stop(seconds),
    taskDefinition: 'arn:task-definition/worker:1',
  }));
  expect(judgeWorker({ ...seen, tasks: [], stops: old }).status).toBe('moving');
});

it('does not count the stops that ECS itself asked for', () =>
  expect(
    judgeWorker({ ...seen, tasks: [], stops: [1, 2, 3].map((s) => stop(s, 'ServiceSchedulerInitiated')) })
      .status,
  ).toBe('moving'));

const worker = (service: string, moves?: 'before' | 'after'): Worker =>
  workerSchema.parse({ kind: 'service', service, container: 'shop', moves });
const deployment = (strategy: Deployment['strategy']) =>
  ({ strategy, settings: { workers: [worker('one'), worker('two', 'before')] } }) as unknown as Deployment;

it.each<[Deployment['strategy'], 'before' | 'after', string[]]>([
  ['CANARY', 'before', ['two']],
  ['CANARY', 'after', ['one']],
  ['ROLLING', 'before', ['two']],
  // nothing of a closed service writes before its users do
  ['MAINTENANCE', 'before', []],
  ['MAINTENANCE', 'after', ['one', 'two']],
])('moves with %s, %s the shift: %j', (strategy, moves, names) =>
  expect(dueWorkers(deployment(strategy), moves).map(workerName)).toEqual(names),
);

it.each<[string, number, number, boolean]>([
  ['one that a window has stopped is started', 2, 0, true],
  ['one that was at rest before stays so', 0, 0, false],
  ['one that a scaling policy has started meanwhile is as it wants it', 2, 5, false],
  ['one that was at rest and is at work now is not stopped', 0, 1, false],
])('%s', (_, before, now, started) => expect(rests({ desired: before }, { desired: now })).toBe(started));

it('the targets of a rule stop as one, and move each by itself', () => {
  const [one, other] = ['Target0', 'Target1'].map((target) =>
    workerSchema.parse({ kind: 'rule', rule: 'nightly', target, container: 'shop' }),
  ) as [Worker, Worker];
  expect(switchName(one)).toBe(switchName(other));
  expect(workerName(one)).not.toBe(workerName(other));
  expect(switchName(worker('one'))).toBe('one');
});

it('a plan says what a worker runs, when it moves, and whether somebody has changed it', () => {
  const runs = 'arn:task-definition/worker:1';
  const says = 'one runs worker:1 and moves after the shift';
  expect([plannedMove(worker('one'), runs), plannedMove(worker('one'), runs, runs)]).toEqual([says, says]);
  expect(plannedMove(worker('one'), runs, 'arn:task-definition/worker:7')).toBe(
    'one runs worker:1, although the last deployment left worker:7, and moves after the shift',
  );
});

describe('before anything is changed, a worker', () => {
  const taskDefinition = 'arn:task-definition/worker:1';
  const jobs = workerSchema.parse({ kind: 'rule', rule: 'nightly', target: 'T', container: 'shop' });
  const found = {
    worker: worker('one'),
    stands: { taskDefinition, fleet: { controller: 'ECS' } },
    inactive: false,
    containers: ['log', 'shop'],
  };
  const started = { ...found, worker: jobs, stands: { taskDefinition, startsIn: 'arn:cluster/main' } };

  it('that is a service of ECS, or starts its tasks where the service runs, can move', () =>
    expect([found, started].map((one) => immovable(one, 'arn:cluster/main'))).toEqual([
      undefined,
      undefined,
    ]));

  it.each<[string, Parameters<typeof immovable>[0], RegExp]>([
    ['is not there', { ...found, stands: undefined }, /^worker one is not there; create it/],
    [
      'is of another deployment controller',
      { ...found, stands: { taskDefinition, fleet: { controller: 'CODE_DEPLOY' } }, containers: [] },
      /^worker one has the deployment controller CODE_DEPLOY, which alone/,
    ],
    [
      'starts its tasks in another cluster',
      { ...started, stands: { taskDefinition, startsIn: 'arn:cluster/other' } },
      /^worker rule\/default\/nightly\/T starts its tasks in arn:cluster\/other instead of arn:cluster\/main/,
    ],
    [
      'runs a revision that was deregistered',
      { ...found, inactive: true },
      /^worker one runs worker:1, which was deregistered, .* a rollback could not bring it back; have it run one that is ACTIVE first$/,
    ],
    [
      'has no such container',
      { ...found, containers: ['log', 'app'] },
      /^worker one has no container shop; set its container to one of log, app$/,
    ],
  ])('that %s is refused', (_, one, said) => expect(immovable(one, 'arn:cluster/main')).toMatch(said));
});

describe('before a contract', () => {
  const moved = 'arn:task-definition/worker:2';
  const trace = { name: 'worker', moved, stands: moved, tasks: [task('t1', 2), task('t2', 9)] };
  const released = [moved, 'arn:task-definition/worker:9'];

  it('nothing is left where every worker was moved and only tasks of the release run', () =>
    expect(workerRemains([trace], released)).toEqual([]));

  it('looks at the tasks of the family that the release has taken the worker from as well', () =>
    expect([familiesOf('jobs:3', 'worker:2'), familiesOf('worker:1', 'worker:2'), familiesOf()]).toEqual([
      ['jobs', 'worker'],
      ['worker'],
      [],
    ]));

  it('names five of hundreds of tasks, and says how many more there are', () => {
    const tasks = Array.from({ length: 300 }, (_, at) => task(`t${at}`, 1));
    expect(workerRemains([{ ...trace, tasks }], released)).toEqual([
      't0, t1, t2, t3, t4 and 295 more of worker:1 still runs',
    ]);
  });

  it('names each task of another revision, once, also where two workers have one family', () => {
    const old = { ...trace, tasks: [task('t1', 1), task('t2', 1), task('t3', 2)] };
    expect(workerRemains([old, { ...old, name: 'other' }], released)).toEqual([
      't1, t2 of worker:1 still runs',
    ]);
  });

  it.each([
    [
      'runs another revision',
      'arn:task-definition/worker:1',
      'worker worker runs worker:1 instead of worker:2',
    ],
    ['is gone', undefined, 'worker worker runs nothing instead of worker:2'],
  ])('names a worker that %s', (_, stands, said) =>
    expect(workerRemains([{ ...trace, stands }], released)).toEqual([said]),
  );
});
