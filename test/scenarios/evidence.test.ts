import { expectServing } from './serving';
import { quick, sick, stories } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const asBefore = { version: 'v1', slot: 'a' } as const;

/** What the last look at green found, as the journal keeps it. */
async function lastLook(deployment: string) {
  const rows = await world.journal(deployment);
  const { result } = rows.filter(({ step }) => step === 'ObserveGreen').at(-1) ?? {};
  return result as {
    verdict: string;
    evidence: Record<string, { verdict: string; numbers: Record<string, unknown> }>;
  };
}

/** Response times are judged: of periods long enough to hold requests on any machine, and as many as it takes. */
const timed = {
  canaryPercent: 50,
  thresholds: { minimumRequests: 20, periodSeconds: 10, latencyIncrease: 0.5 },
  deadlines: { evidenceSeconds: 600 },
};

it('convicts a slow green by its latency alone: nothing fails, and users return to v1', async () => {
  const ended = await world.deploy({
    image: 'shop:v2-slow',
    migrations: 'none',
    ...timed,
    bakeSeconds: 60,
  });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/p50 of green \d+ ms, of blue \d+ ms, more than 50 % slower/);
  const { evidence } = await lastLook(ended.name);
  expect(evidence.latency).toMatchObject({
    verdict: 'unhealthy',
    numbers: { p50: { green: expect.any(Number), blue: expect.any(Number), p: expect.any(Number) } },
  });
  expect(evidence.errors?.verdict).toBe('healthy');
  expect(Object.keys(world.load.versions())).toContain('v2-slow');
  await expectServing(world, asBefore);
});

it('never passes by silence: with too little evidence it waits to the deadline, and rolls back', async () => {
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    image: 'shop:v2',
    migrations: 'none',
    ...quick,
    bakeSeconds: 10,
    deadlines: { evidenceSeconds: 20 },
  });
  // they were there when the deployment began
  expect(await world.entered(execution, 'StartGreen')).toBe(true);
  await world.load.stop();
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/after [3-9]\d s: .*at least 30 requests on green are needed/);
  expect((await lastLook(ended.name)).verdict).toBe('undecided');
  await expectServing(world, asBefore);
  await world.renew(200);
});

it('does not take the failures of a version that was undone in the same slot for the previous version’s own', async () => {
  const request = { image: 'shop:v3', ...sick, strategy: 'ROLLING', bakeSeconds: 600 };
  expect((await world.deploy(request)).outcome).toBe('RolledBack');
  const again = await world.deploy(request);
  expect(again.outcome).toBe('RolledBack');
  const { errors } = (await lastLook(again.name)).evidence;
  expect(errors).toMatchObject({ verdict: 'unhealthy', numbers: { blue: [0, expect.any(Number)] } });
  await expectServing(world, asBefore);
});

it('sees a storm of blocked sessions during the bake, and rolls back', async () => {
  await world.query('CREATE TABLE storm (id int)');
  const execution = await world.start({
    service: 'shop',
    image: 'shop:v2',
    reason: 'a test',
    migrations: 'none',
    ...quick,
    bakeSeconds: 200,
    thresholds: { ...quick.thresholds, blockedSeconds: 0.5, blockedCeiling: 5 },
  });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  const release = await world.holdLock('storm');
  const waiting = Array.from({ length: 6 }, () => world.query('TRUNCATE storm'));
  const ended = await world.ended(execution);
  await release();
  await Promise.all(waiting);
  await world.query('DROP TABLE storm');
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/6 sessions wait for a lock longer than 0.5 s/);
  const { database } = (await lastLook(ended.name)).evidence;
  expect(database).toMatchObject({ numbers: { now: { blocked: 6 }, before: { blocked: 0 } } });
  await expectServing(world, asBefore);
});

it('lets the function of the shop convict what answers 200 to everybody: prices are gone, and no user saw it', async () => {
  const ended = await world.deploy({ image: 'shop:v2-unpriced', migrations: 'none', ...quick });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/smoke test \S+ failed: 20 of 20 products have no price/);
  expect(ended.path).not.toContain('ShiftTraffic');
  expect(Object.keys(world.load.versions())).not.toContain('v2-unpriced');
  await expectServing(world, asBefore);
});

const script = (code: string) => ['node', '-e', code];
const task = (command: string[]) => {
  const { taskDefinition, container } = world.settings.migrations;
  return { task: { taskDefinition, container, command, timeoutSeconds: 600 } };
};

it('says of requests what they expected, and does not start tasks for nothing', async () => {
  await world.configure({
    smokeTests: [
      { path: '/version', status: 200, answerHeaders: { 'x-version': 'v9' } },
      { path: '/orders', method: 'POST', body: '{}', status: 201 },
      task(script('')),
    ],
  });
  const ended = await world.deploy({ image: 'shop:v2', migrations: 'none', ...quick });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toContain(
    'smoke test /version answered without x-version: v9; smoke test POST /orders answered 400 instead of 201',
  );
  expect(await world.marked(`greenlight/smoke-0/${ended.name}`)).toEqual([]);
  await expectServing(world, asBefore);
});

it('rolls back when a task of the service ends with another exit code than 0', async () => {
  await world.configure({ smokeTests: [task(script('process.exit(3)'))] });
  const ended = await world.deploy({ image: 'shop:v2', migrations: 'none', ...quick });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/integration test shop-migration failed: .*exit code 3/);
  expect(ended.path).not.toContain('ShiftTraffic');
  await expectServing(world, asBefore);
});

it('stops a test that never ends, and rolls back', async () => {
  const ended = await stories['test that hangs']!(world);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/the task has not ended after \d+ s/);
  expect(await world.marked(`greenlight/smoke-0/${ended.name}`)).toEqual([{ status: 'STOPPED' }]);
  await expectServing(world, asBefore);
});

it('releases what requests, a function and a task of its own have found to be right, and no slower; the task ran once', async () => {
  const asksForItself =
    "fetch(process.env.GREENLIGHT_BASE_URL + '/version').then((r) => r.json()).then(({ version }) => process.exit(version === 'v2' ? 0 : 1))";
  await world.configure({
    smokeTests: [
      {
        path: '/version',
        status: 200,
        answerHeaders: { 'x-version': 'v2' },
        bodyContains: 'v2',
        maximumMs: 4_000,
      },
      {
        path: '/orders',
        method: 'POST',
        headers: { accept: '*/*' },
        body: '{"productId":1,"quantity":1}',
        status: 201,
      },
      ...world.settings.smokeTests.filter((test) => 'lambda' in test),
      task(script(asksForItself)),
    ],
  });
  const ended = await world.deploy({ image: 'shop:v2', ...timed });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect((await lastLook(ended.name)).evidence.latency).toMatchObject({
    verdict: 'healthy',
    numbers: { p50: { green: expect.any(Number), blue: expect.any(Number), p: expect.any(Number) } },
  });
  expect(ended.path).toContain('WaitForSmokeTests');
  expect(await world.marked(`greenlight/smoke-0/${ended.name}`)).toEqual([{ status: 'STOPPED' }]);
  expect(await world.serving()).toEqual(['v2']);
  expect(world.load.lost()).toBe(0);
});
