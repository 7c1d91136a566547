import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** Starts a canary that is paused before it has any user, and resolves at its first look at green. */
async function paused(name: string, request: object): Promise<string> {
  const execution = await world.start({ service: 'shop', reason: 'a test', ...quick, ...request }, name);
  const told = await greenlight(world, 'pause', name, '--reason', 'lunch', '--by', 'ann');
  expect(told).toEqual({ code: 0, out: `deployment ${name} is paused by ann: lunch`, error: '' });
  expect(await world.entered(execution, 'ObserveGreen')).toBe(true);
  return execution;
}

interface Observation {
  next: string;
  cause: string;
}
const observations = async (name: string): Promise<Observation[]> =>
  (await world.journal(name))
    .filter(({ step }) => step === 'ObserveGreen')
    .map(({ result }) => result as Observation);

it('a paused canary stays at its share while time passes, and goes on after it is resumed', async () => {
  const bakeSeconds = 5;
  const execution = await paused('held', { image: 'shop:v2', bakeSeconds });
  const again = await greenlight(world, 'pause', 'held', '--reason', 'me too', '--by', 'bob');
  expect(again.error).toContain('deployment held is paused already: paused by ann: lunch');
  // far beyond the bake and its evidence
  while ((await observations('held')).length < 6) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const { next, cause } of await observations('held')) {
    expect(next).toBe('wait');
    expect(cause).toMatch(/^paused by ann: lunch; at 50 % on green after \d+ s: /);
  }
  expect(await world.weights()).toEqual({ a: 50, b: 50 });
  expect(await greenlight(world, 'resume', 'held', '--reason', 'back', '--by', 'ann')).toMatchObject({
    code: 0,
    out: 'deployment held is resumed by ann: back',
  });
  const ended = await world.ended(execution);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('refuses to pause or resume what does not run, or is not paused, and says which', async () => {
  const ended = await greenlight(world, 'pause', 'held', '--reason', 'late', '--by', 'ann');
  expect([ended.code, ended.error]).toEqual([
    1,
    'error: deployment held does not run any more, it is SUCCEEDED',
  ]);
  const never = await greenlight(world, 'resume', 'never', '--reason', 'x', '--by', 'ann');
  expect(never.error).toBe('error: there is no deployment never; look at its id again');
});

it('a paused green that turns out sick is convicted all the same', async () => {
  const execution = await paused('sick', { image: 'shop:v3', ...sick });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(
    /^paused by ann: lunch; at 50 % on green after \d+ s: green \d+ of \d+ requests failed/,
  );
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('a pause that everybody forgot turns the deployment back, and says whose it was', async () => {
  const execution = await paused('forgotten', { image: 'shop:v2', deadlines: { pauseSeconds: 40 } });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/^paused by ann: lunch; nobody resumed it for \d+ s; at 50 % on green/);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('a promoted step ends although nothing of it is decided, and the next one wants a word of its own', async () => {
  const thresholds = { ...quick.thresholds, minimumRequests: 1000 };
  const execution = await paused('promoted', {
    image: 'shop:v2',
    migrations: 'none',
    bakeSeconds: 600,
    thresholds,
  });
  const promote = () => greenlight(world, 'promote', 'promoted', '--reason', 'a fix', '--by', 'ann');
  while ((await observations('promoted')).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await promote()).toEqual({
    code: 0,
    out: 'deployment promoted is promoted by ann: a fix',
    error: '',
  });
  while (Math.max(...Object.values(await world.weights())) < 100)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const [first] = (await observations('promoted')).filter(({ next }) => next === 'shift');
  expect(first?.cause).toMatch(/^promoted by ann: a fix; at 50 % on green after \d+ s: /);
  while (!(await observations('promoted')).some(({ cause }) => cause.startsWith('at 100 %')))
    await new Promise((resolve) => setTimeout(resolve, 50));
  await promote();
  expect(await world.ended(execution)).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await world.serving()).toEqual(['v2']);
});
