import { startWorld, type World } from './world';

jest.setTimeout(240_000);

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

it('does not acquit a green that began to fail in the last minutes of its bake, before those are published', async () => {
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    ...late,
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

it('releases a healthy green, once a minute of the end of its bake is published', async () => {
  const ended = await world.deploy({ ...late, image: 'shop:v2' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  const looks = (await world.journal(ended.name)).filter(({ step }) => step === 'ObserveGreen');
  expect(looks.at(-1)?.result).toMatchObject({ verdict: 'healthy', next: 'finish' });
  expect(await world.serving()).toEqual(['v2']);
  expect(world.load.lost()).toBe(0);
});
