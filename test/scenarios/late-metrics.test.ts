import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { watchPages } from './watcher';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ metrics: 'aws', speed: 40 });
});
afterAll(() => world?.close());

/** What AWS publishes once a minute and shows two minutes later has to come together within the bake. */
const bakeSeconds = 600;
const late = {
  strategy: 'ALL_AT_ONCE',
  migrations: 'none',
  bakeSeconds,
  thresholds: { minimumRequests: 100, latencyIncrease: null, periodSeconds: 60 },
  deadlines: { evidenceSeconds: 600 },
};

const cloudSeconds = (seconds: number) =>
  new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 40));

it('convicts a green that fails a third of its requests once its first minutes are published', async () => {
  const ended = await world.deploy({ ...late, image: 'shop:v3' });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/green \d+ of \d+ requests failed/);
  expect(await world.serving()).toEqual(['v1']);
  expect(world.load.lost()).toBe(0);
});

/** A version of which something is wrong, and what the last look says of it. */
it.each<[what: string, image: string, request: object, cause: RegExp]>([
  ['resets a third of its pages', 'v2-resets', {}, /green \d+ of \d+ requests failed .* of them unanswered/],
  [
    'forbids what its tests do not ask for',
    'v2-forbids',
    { thresholds: { ...late.thresholds, clientErrorRateIncrease: 0.1 } },
    /client errors: green \d+ of \d+ .*more than 10\.0 % worse/,
  ],
  [
    'is slow',
    'v2-slow',
    // at this speed an answer that takes a second and a half takes a minute, and counts as none
    {
      thresholds: { ...late.thresholds, latencyIncrease: 0.5, errorRateIncrease: 0.3, errorRateCeiling: 0.5 },
    },
    /p50 of green \d+ ms, of blue \d+ ms, more than 50 % slower/,
  ],
])('rolls a green back that %s', async (_, image, request, cause) => {
  const ended = await world.deploy({ ...late, ...request, image: `shop:${image}` });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(cause);
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.weights()).toEqual({ a: 100, b: 0 });
});

it('finds by its test requests, before a minute is published, that a quarter of the answers of a few users fails', async () => {
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    ...late,
    strategy: 'CANARY',
    canaryPercent: 5,
    image: 'shop:v2-flaky',
  });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.query('CREATE TABLE outage ()');
  const ended = await world.ended(execution);
  await world.query('DROP TABLE outage');
  expect(ended.outcome).toBe('RolledBack');
  const [, seconds, failed] =
    /at 5 % on green after (\d+) s: (\d+) of \d+ test requests to green failed/.exec(ended.cause) ?? [];
  expect(Number(seconds)).toBeLessThanOrEqual(150);
  expect(Number(failed)).toBeGreaterThan(0);
  expect(await world.serving()).toEqual(['v1']);
});

describe('a service that publishes every ten seconds', () => {
  const pages = {
    namespace: 'Shop',
    metric: 'PagesWithoutPrice',
    dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
    statistic: 'Average',
    periodSeconds: 10,
    limit: { above: 0.05 },
  };
  afterEach(() => world.configure({}));

  /** When the first two periods in a row in which green failed were over, in ms since the epoch. */
  async function failedTwice(): Promise<number> {
    const { MetricDataResults } = await new CloudWatchClient(world.aws).send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.now() - 86_400_000),
        EndTime: new Date(Date.now() + 86_400_000),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'pages',
            MetricStat: {
              Period: pages.periodSeconds,
              Stat: pages.statistic,
              Metric: {
                Namespace: pages.namespace,
                MetricName: pages.metric,
                Dimensions: [{ Name: 'Slot', Value: 'b' }],
              },
            },
          },
        ],
      }),
    );
    const { Timestamps: at = [], Values: values = [] } = MetricDataResults?.[0] ?? {};
    const second = values.findIndex((value, index) => value > 0.05 && (values[index - 1] ?? 0) > 0.05);
    return (at[second]?.getTime() ?? Number.NaN) + pages.periodSeconds * 1000;
  }

  it('has a green convicted by the next look, ten seconds later, long before a minute is published', async () => {
    await world.configure({ evidence: { alarms: [], metrics: [pages] } });
    const watcher = watchPages(world, { v1: 'a', 'v2-flaky': 'b' });
    const execution = await world.start({
      service: 'shop',
      reason: 'a test',
      ...late,
      // what they ask of green would tell
      thresholds: { ...late.thresholds, testRequests: 0 },
      image: 'shop:v2-flaky',
    });
    expect(await world.entered(execution, 'Bake')).toBe(true);
    await cloudSeconds(100);
    await world.query('CREATE TABLE outage ()');
    const ended = await world.ended(execution);
    await world.query('DROP TABLE outage');
    await watcher.stop();
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(
      /at 100 % on green after \d+ s: .*Shop\/PagesWithoutPrice \(Average\): green/,
    );
    const looks = (await world.journal(ended.name)).filter(({ step }) => step === 'ObserveGreen');
    const told = await failedTwice();
    // a second more, for what is on its way
    const before = looks.filter(({ at }) => Date.parse(at) < told + 1000);
    expect(looks.length - before.length).toBeLessThanOrEqual(1);
    const waits = before.map(({ result }) => (result as { waitSeconds: number }).waitSeconds);
    expect(Math.max(...waits)).toBeLessThanOrEqual(pages.periodSeconds);
    expect(before.length).toBeGreaterThan(3);
    expect(await world.serving()).toEqual(['v1']);
    expect(await world.weights()).toEqual({ a: 100, b: 0 });
  });
});

it('does not acquit a green that began to fail in the last minutes of its bake, before those are published', async () => {
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    ...late,
    // what they ask of green would tell
    thresholds: { ...late.thresholds, testRequests: 0 },
    image: 'shop:v2-turns',
    migrations: 'run',
  });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await cloudSeconds(bakeSeconds - 150);
  await world.query('CREATE TABLE outage ()');
  const ended = await world.ended(execution);
  await world.query('DROP TABLE outage');
  expect(ended.outcome).toBe('RolledBack');
  const looks = (await world.journal(ended.name)).filter(({ step }) => step === 'ObserveGreen');
  const last = looks.at(-1)?.result as { verdict: string; cause: string };
  expect([last.verdict, last.cause]).toEqual([
    'unhealthy',
    expect.stringMatching(/after 6\d\d s|after 7\d\d s/),
  ]);
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.weights()).toEqual({ a: 100, b: 0 });
});

/** What is live, and where. */
let live = { version: 'v1', slot: 'a' };
const otherVersion = () => (live.version === 'v1' ? 'v2' : 'v1');
const otherSlot = () => (live.slot === 'a' ? 'b' : 'a');

it.each([
  ['ALL_AT_ONCE', {}],
  ['CANARY', { canaryPercent: 20 }],
  ['LINEAR', { linear: { percent: 50, seconds: 300 } }],
  ['ROLLING', {}],
  ['MAINTENANCE', { migrations: 'run' }],
] as const)(
  '%s releases a healthy green, once a minute of the end of each bake is published',
  async (strategy, request) => {
    const lost = world.load.lost();
    const version = strategy === 'MAINTENANCE' ? 'v2' : otherVersion();
    const slot = strategy === 'ROLLING' ? live.slot : otherSlot();
    const ended = await world.deploy({ ...late, ...request, strategy, image: `shop:${version}` });
    expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
    live = { version, slot };
    const looks = (await world.journal(ended.name)).filter(({ step }) => step === 'ObserveGreen');
    expect(looks.at(-1)?.result).toMatchObject({ verdict: 'healthy', next: 'finish' });
    expect(await world.serving()).toEqual([version]);
    expect(await world.weights()).toEqual({ a: 0, b: 0, [slot]: 100 });
    expect(world.load.lost() - lost).toBe(0);
  },
);

it('rolls a green back that gets too few requests, because its users left', async () => {
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    ...late,
    strategy: 'CANARY',
    canaryPercent: 50,
    image: 'shop:v2',
  });
  expect(await world.entered(execution, 'StartGreen')).toBe(true);
  await world.load.stop();
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/after 1[2-9]\d\d s: .*at least 100 requests on green are needed/);
  expect((await world.serving()).length).toBe(1);
});
