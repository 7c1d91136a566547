import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { WebSocket } from 'undici';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(300_000);

const CLIENTS = 24;
const DRAIN_SECONDS = 400;
const SPEED = 20;
const PAUSE_MS = 50;
const SLOTS: Record<string, 'a' | 'b'> = { v1: 'a', v2: 'b' };

/** Clients that each keep a WebSocket open, and come back when it ends. */
function startStreams(world: World) {
  const versions: (string | undefined)[] = Array.from({ length: CLIENTS });
  const ended: string[] = [];
  const endedAt: number[] = [];
  const open = new Set<WebSocket>();
  let on = true;
  function connect(index: number): void {
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/live`);
    open.add(socket);
    socket.addEventListener('message', ({ data }) => {
      versions[index] = String(data);
    });
    socket.addEventListener('close', () => {
      open.delete(socket);
      if (versions[index]) {
        ended.push(versions[index]);
        endedAt.push(performance.now());
      }
      versions[index] = undefined;
      if (on) setTimeout(() => on && connect(index), 100);
    });
  }
  for (let index = 0; index < CLIENTS; index++) connect(index);
  const count = (version: string) => versions.filter((one) => one === version).length;
  return {
    count,
    /** The versions whose WebSockets ended, in order of time, and when, in ms of real time. */
    ended,
    endedAt,
    async stop() {
      on = false;
      for (const socket of open) socket.close();
      await until(async () => open.size === 0 || undefined);
    },
  };
}
type Streams = ReturnType<typeof startStreams>;

/** The service publishes how many are open on a slot, as its tasks would. */
function publishOpen(world: World, streams: Streams) {
  const client = new CloudWatchClient(world.aws);
  let on = true;
  const publishing = (async () => {
    while (on) {
      await client.send(
        new PutMetricDataCommand({
          Namespace: 'Shop',
          MetricData: Object.entries(SLOTS).map(([version, slot]) => ({
            MetricName: 'OpenStreams',
            Value: streams.count(version),
            StorageResolution: 1,
            Dimensions: [{ Name: 'Slot', Value: slot }],
          })),
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    async stop() {
      on = false;
      await publishing;
    },
  };
}

const open = {
  namespace: 'Shop',
  metric: 'OpenStreams',
  dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
  statistic: 'Maximum',
  periodSeconds: 10,
};

let world: World;
let streams: Streams | undefined;
let publisher: { stop(): Promise<void> } | undefined;
beforeAll(async () => {
  world = await startWorld({ speed: SPEED });
});
beforeEach(() => world.renew(200));
afterEach(async () => {
  await publisher?.stop();
  await streams?.stop();
  streams = publisher = undefined;
  await world.configure({});
  await world.rest();
});
afterAll(() => world?.close());

const request = {
  service: 'shop',
  reason: 'a test',
  image: 'shop:v2',
  ...quick,
  rollback: { warmSeconds: 0 },
};

/** What each look at the stopping side said, by when. */
async function looks(deployment: string, step = 'RetireBlue') {
  const rows = (await world.journal(deployment)).filter((row) => row.step === step);
  return rows.map(({ at, result }) => ({ at: Date.parse(at) / 1000, ...(result as { cause: string }) }));
}

it('leaves open WebSockets on the previous version through the shift, and ends them one task after the other', async () => {
  await world.configure({ streams: { drainSeconds: DRAIN_SECONDS, open } });
  streams = startStreams(world);
  publisher = publishOpen(world, streams);
  await until(async () => streams!.count('v1') === CLIENTS || undefined);
  const execution = await world.start(request);
  expect(await world.entered(execution, 'RetireBlue')).toBe(true);
  expect([streams.count('v1'), streams.ended]).toEqual([CLIENTS, []]);
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const seen = await looks(ended.name);
  const first = seen.find(({ cause }) => cause.includes('keeps 2 of 2 tasks: 24 streams are open on it'));
  const second = seen.find(({ cause }) => cause.includes('keeps 1 of 2 tasks'));
  const last = seen.find(({ cause }) => cause.includes('is told to stop after'));
  expect(last?.cause).toMatch(/is told to stop after 400 s: ([1-9]|1\d|2[0-4]) streams are open on it/);
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(DRAIN_SECONDS / 2);
  expect(last!.at - first!.at).toBeGreaterThanOrEqual(DRAIN_SECONDS);
  expect(seen.at(-1)?.cause).toContain(last?.cause);
  // all of them came back, to the new version
  await until(async () => streams!.count('v2') === CLIENTS || undefined);
  expect(streams.ended).toEqual(Array.from({ length: CLIENTS }, () => 'v1'));
  // they ended as far from each other as their tasks were told to
  const apart = streams.endedAt.at(-1)! - streams.endedAt[0]!;
  expect(apart).toBeGreaterThan((0.5 * 1000 * (last!.at - second!.at)) / SPEED);
  expect(world.load.lost()).toBe(0);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('stops the previous version at once when its metric proves that nothing is open', async () => {
  await world.configure({ streams: { drainSeconds: 3600, open } });
  streams = startStreams(world);
  publisher = publishOpen(world, streams);
  await until(async () => streams!.count('v1') === CLIENTS || undefined);
  const execution = await world.start(request);
  expect(await world.entered(execution, 'ObserveGreen')).toBe(true);
  await streams.stop();
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect((await looks(ended.name)).at(-1)?.cause).toMatch(
    /has stopped; \S+ is told to stop: 0 streams are open on it by Shop\/OpenStreams \(Maximum\)/,
  );
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('takes silence of the metric for no proof: it ends the tasks over the time, and says that nobody knows', async () => {
  await world.configure({ streams: { drainSeconds: 60, open: { ...open, metric: 'Forgotten' } } });
  const ended = await world.deploy(request);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const seen = await looks(ended.name);
  const drained = seen.filter(({ cause }) => cause.includes('nobody knows how many streams are open'));
  expect(drained.length).toBeGreaterThan(1);
  expect(seen.at(-1)?.cause).toContain('has stopped; ');
  expect(seen.at(-1)?.cause).toContain(
    'nobody knows how many streams are open on it, for Shop/Forgotten (Maximum)',
  );
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('ends a previous version that was kept warm in the same way, by the schedule', async () => {
  await world.configure({ streams: { drainSeconds: DRAIN_SECONDS } });
  streams = startStreams(world);
  await until(async () => streams!.count('v1') === CLIENTS || undefined);
  const ended = await world.deploy({ ...request, rollback: { warmSeconds: 30, windowSeconds: 3600 } });
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect([streams.count('v1'), streams.ended]).toEqual([CLIENTS, []]);
  const counts = [(await world.running()).a];
  await until(async () => {
    const { a } = await world.running();
    if (a !== counts.at(-1)) counts.push(a);
    return a === 0 || undefined;
  });
  expect(counts).toEqual([2, 1, 0]);
  await until(async () => streams!.count('v2') === CLIENTS || undefined);
  expect(streams.ended.every((version) => version === 'v1')).toBe(true);
  expect(world.load.lost()).toBe(0);
  await expectServing(world, { version: 'v2', slot: 'b' });
});
