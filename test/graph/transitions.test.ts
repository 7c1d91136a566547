import { EXECUTION_TIMEOUT_SECONDS, WINDOW_LIMIT_SECONDS } from '../../src/domain/time/limits';
import { execution } from './journey';

const DAY = 86_400;

it.each<[title: string, bakeSeconds: number, most: number, metricSeconds: number | undefined]>([
  ['ten minutes', 600, 140, undefined],
  ['a day', DAY, 420, undefined],
  ['ten minutes, with a metric of 10 s,', 600, 460, 10],
  ['a day, with a metric of a second,', DAY, 740, 1],
])(
  'takes a canary that bakes for %s at each step through: %d s, at most %d transitions',
  async (title, bakeSeconds, most, metricSeconds) => {
    const { end, problems, transitions, seconds } = await execution({ bakeSeconds, metricSeconds });
    console.log(`canary, ${title} each: ${transitions} transitions in ${seconds} s`);
    expect([end, problems]).toEqual(['DeploymentSucceeded', []]);
    expect(seconds).toBeGreaterThan(2 * bakeSeconds);
    expect(transitions).toBeLessThanOrEqual(most);
  },
);

it('rolls a pure worker out once, after the workers beside it that move before', async () => {
  const { end, problems, entered } = await execution({ bakeSeconds: 600, pureWorker: true });
  expect([end, problems]).toEqual(['DeploymentSucceeded', []]);
  expect(entered.filter((state) => ['MoveWorkers', 'RollOut', 'MoveOtherWorkers'].includes(state))).toEqual([
    'MoveWorkers',
    'RollOut',
    'MoveOtherWorkers',
  ]);
});

it.each([
  [60, 'returns users and workers without asking', []],
  [400, 'returns them and asks for a word', ['ReturnTraffic', 'ReturnWorkers', 'ConfirmRollback']],
  [3600, 'asks first', ['ConfirmRollback', 'ReturnTraffic', 'ReturnWorkers']],
] as const)(
  'where a worker has not moved after %d s, %s: the release is as old as it is by then',
  async (failingSeconds, _, way) => {
    const { end, problems, entered } = await execution({ bakeSeconds: 200, failingSeconds });
    expect([end, problems]).toEqual(['RolledBack', []]);
    const asked = entered.includes('ConfirmRollback');
    expect(asked ? entered.filter((state) => (way as readonly string[]).includes(state)) : []).toEqual(way);
    expect(entered.lastIndexOf('ObserveGreen')).toBeGreaterThan(entered.indexOf('WaitForOthers'));
  },
);

it('waits four weeks for a window within the events that a history may have, and is prepared once more then', async () => {
  const { end, problems, events, entered, seconds } = await execution({
    bakeSeconds: 600,
    heldSeconds: WINDOW_LIMIT_SECONDS,
  });
  console.log(`held for four weeks: ${events} events`);
  expect([end, problems]).toEqual(['DeploymentSucceeded', []]);
  expect(seconds).toBeGreaterThan(WINDOW_LIMIT_SECONDS);
  expect(entered.filter((state) => state === 'AnalyseMigrations')).toHaveLength(2);
  // the longest deployment may follow
  expect(events).toBeLessThan(4_000);
});

it('keeps the longest possible deployment far below the 25,000 events that a history may have', async () => {
  // as many steps as there may be, every wait to its deadline, every call tried five times, and all the rollback
  const { end, problems, events, seconds } = await execution({
    strategy: 'LINEAR',
    longest: true,
    metricSeconds: 1,
    bakeSeconds: DAY / 8,
    deadlineSeconds: DAY / 8,
  });
  console.log(`longest: ${events} events in ${(seconds / DAY).toFixed(1)} days`);
  expect([end, problems]).toEqual(['RolledBack', []]);
  expect(seconds).toBeGreaterThan(0.8 * EXECUTION_TIMEOUT_SECONDS);
  expect(seconds).toBeLessThan(EXECUTION_TIMEOUT_SECONDS);
  expect(events).toBeLessThan(20_000);
});
