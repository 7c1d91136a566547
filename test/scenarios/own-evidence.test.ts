import { expectServing } from './serving';
import { quick, stories } from './stories';
import { alarmOf, pagesWithoutPrice, type Watcher, watchPages } from './watcher';
import { startWorld, type World } from './world';

jest.setTimeout(180_000);

const SPEED = 20;
let world: World;
let watcher: Watcher | undefined;
beforeAll(async () => {
  world = await startWorld({ speed: SPEED });
});
afterEach(async () => {
  await watcher?.stop();
  watcher = undefined;
  world.mend();
  await alarmOf(world).becomes('OK');
});
afterAll(() => world?.close());

const asBefore = { version: 'v1', slot: 'a' } as const;

/** What the last look at green found, as the journal keeps it. */
async function lastLook(deployment: string) {
  const rows = await world.journal(deployment);
  const { result } = rows.filter(({ step }) => step === 'ObserveGreen').at(-1) ?? {};
  return result as {
    verdict: string;
    cause: string;
    warnings: string[];
    evidence: Record<string, { verdict: string; because: string; numbers: Record<string, unknown> }>;
  };
}

const request = { service: 'shop', reason: 'a test', migrations: 'none', ...quick };
/** Long enough for everything that somebody has to notice; who notices ends it. */
const long = { ...request, bakeSeconds: 600 };

describe('an alarm of the service', () => {
  it('convicts a green that makes it go off, although every request was answered well and in time', async () => {
    watcher = watchPages(world, { v1: 'a', 'v2-free': 'b' });
    const ended = await world.deploy({ ...long, image: 'shop:v2-free' });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(
      /alarm Shop-PagesWithoutPrice\S* (is in ALARM|went to ALARM at \S+): Threshold Crossed/,
    );
    const { alarms, errors } = (await lastLook(ended.name)).evidence;
    expect(alarms?.verdict).toBe('unhealthy');
    expect(errors?.numbers).toMatchObject({ green: [0, expect.any(Number)] });
    expect(Object.keys(world.load.versions())).toContain('v2-free');
    await expectServing(world, asBefore);
  });

  it('convicts as well when it went off and is over before the next look', async () => {
    const ended = await stories['alarm that is over']!(world);
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(/alarm \S+ went to ALARM at \S+Z: somebody tries it out/);
    await expectServing(world, asBefore);
  });

  it('rejects a deployment when it is in ALARM before, by its name, and changes nothing', async () => {
    watcher = pagesWithoutPrice(world);
    await alarmOf(world).becomes('ALARM');
    const before = await world.schema();
    for (const more of [{}, { dryRun: true }]) {
      const ended = await world.deploy({ ...request, ...more, image: 'shop:v2' });
      expect(ended.outcome).toBe('DeploymentRejected');
      expect(ended.cause).toContain(`alarm ${alarmOf(world).name} is in ALARM already: Threshold Crossed`);
      expect(ended.cause).toContain(`accept it with "acceptAlarms": ["${alarmOf(world).name}"]`);
    }
    expect(await world.schema()).toEqual(before);
    await expectServing(world, asBefore);
  });

  it('is accepted by a request that names it: the deployment goes its way, and the journal tells of it', async () => {
    watcher = pagesWithoutPrice(world);
    await alarmOf(world).becomes('ALARM');
    const ended = await world.deploy({
      ...request,
      image: 'shop:v2',
      acceptAlarms: [alarmOf(world).name],
    });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    const look = await lastLook(ended.name);
    expect(look.evidence.alarms).toMatchObject({ verdict: 'healthy' });
    expect(look.warnings).toEqual([
      expect.stringContaining(`accepted: alarm ${alarmOf(world).name} is in ALARM`),
    ]);
    await expectServing(world, { version: 'v2', slot: 'b' });
    await world.rest();
    await world.renew(200);
  });

  it('cannot be accepted where the service has none of that name', async () => {
    const ended = await world.deploy({ ...request, image: 'shop:v2', acceptAlarms: ['prices'] });
    expect(ended.outcome).toBe('DeploymentRejected');
    expect(ended.cause).toMatch(
      /request.acceptAlarms: expected an alarm of the service \(Shop-\S+\), received "prices"/,
    );
  });

  it('keeps users away from a green when it goes off while green starts', async () => {
    // for as long as the alarm needs to see it
    world.cloud.faults.add({
      ...{ operation: 'lambda:Invoke', target: 'CheckGreen', role: 'states', times: 1 },
      ...{ kind: 'slow', delayMs: 3 * 60_000 },
    });
    const execution = await world.start({ ...request, image: 'shop:v2' });
    expect(await world.entered(execution, 'StartGreen')).toBe(true);
    watcher = pagesWithoutPrice(world);
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain(`alarm ${alarmOf(world).name} is in ALARM already`);
    expect(Object.keys(world.load.versions())).toEqual(['v1']);
    await expectServing(world, asBefore);
  });

  it('never acquits by being deleted: it is waited for to the deadline', async () => {
    const short = { bakeSeconds: 10, deadlines: { evidenceSeconds: 20 } };
    const execution = await world.start({ ...request, ...short, image: 'shop:v2' });
    expect(await world.entered(execution, 'Bake')).toBe(true);
    const putBack = await alarmOf(world).remove();
    const ended = await world.ended(execution);
    await putBack();
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(/at 50 % on green after [3-9]\d s: alarm \S+ was deleted/);
    await expectServing(world, asBefore);
  });
});

describe("a metric of the service's own", () => {
  const pages = {
    namespace: 'Shop',
    metric: 'PagesWithoutPrice',
    dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
    statistic: 'Average',
    periodSeconds: 10,
  };
  const limit = { ...pages, limit: { above: 0.05 } };
  const comparison = {
    ...pages,
    comparison: { worse: 'higher' as const, difference: 0.5, floor: 0.05 },
  };
  const watch = (...metrics: (typeof limit | typeof comparison)[]) =>
    world.configure({ evidence: { alarms: [], metrics } });
  const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, (count * 1000) / SPEED));
  afterEach(() => world.configure({}));

  it('convicts a green beyond its limit by the first look that has two whole periods to go by', async () => {
    await watch(limit);
    watcher = watchPages(world, { v1: 'a', 'v2-free': 'b' });
    const ended = await world.deploy({ ...long, image: 'shop:v2-free' });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(
      /Shop\/PagesWithoutPrice \(Average\): green [\d.]+, [\d.]+ in 2 periods of 10 s in a row, 0.05 or less is wanted/,
    );
    const rows = await world.journal(ended.name);
    const shifted = rows.find(({ step }) => step === 'ShiftTraffic')!;
    const looks = rows.filter(({ step }) => step === 'ObserveGreen');
    const wholePeriods = looks.map(({ at }) => {
      const [from, to] = [shifted.at, at].map((iso) => Date.parse(iso) / 10_000) as [number, number];
      return Math.floor(to) - Math.ceil(from);
    });
    // the third period leaves time to publish the second one
    expect(wholePeriods.slice(0, -1).filter((whole) => whole >= 3)).toEqual([]);
    expect((await lastLook(ended.name)).evidence.errors?.numbers).toMatchObject({
      green: [0, expect.any(Number)],
    });
    await expectServing(world, asBefore);
  });

  it('convicts a green that is worse than blue, and leaves one alone that is not', async () => {
    await watch(comparison);
    watcher = watchPages(world, { v1: 'a', v2: 'b', 'v2-free': 'b' });
    await seconds(60);
    const ended = await world.deploy({ ...long, image: 'shop:v2-free' });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(
      /0.05 or less is wanted, for nine in ten of \d+ periods of blue are at 0 or less/,
    );
    await expectServing(world, asBefore);
    const healthy = await world.deploy({ ...request, image: 'shop:v2', bakeSeconds: 60 });
    expect(healthy.outcome).toBe('DeploymentSucceeded');
    expect((await lastLook(healthy.name)).evidence.metrics).toMatchObject({
      verdict: 'healthy',
      because: expect.stringContaining('Shop/PagesWithoutPrice (Average): green 0, 0.05 or less is wanted'),
    });
    await expectServing(world, { version: 'v2', slot: 'b' });
    await watcher.stop();
    await world.rest();
    await world.renew(200);
  });

  it('does not acquit by silence, unless the service says that it may', async () => {
    const short = { ...request, image: 'shop:v2', bakeSeconds: 10, deadlines: { evidenceSeconds: 30 } };
    await watch(limit);
    const silent = await world.deploy(short);
    expect(silent.outcome).toBe('RolledBack');
    expect(silent.cause).toContain('Shop/PagesWithoutPrice (Average): nothing of green is published');
    await expectServing(world, asBefore);
    await watch({ ...limit, missingData: 'healthy' } as typeof limit);
    expect((await world.deploy(short)).outcome).toBe('DeploymentSucceeded');
    await world.rest();
    await world.renew(200);
  });

  it('is refused with one clear error where it is set wrongly', async () => {
    await watch({ ...limit, ...comparison });
    const ended = await world.deploy({ ...request, image: 'shop:v2' });
    expect(ended.outcome).toBe('DeploymentRejected');
    expect(ended.cause).toMatch(
      /^the request was rejected, nothing was changed: settings of shop.evidence.metrics.0: expected exactly one of limit and comparison/,
    );
  });
});
