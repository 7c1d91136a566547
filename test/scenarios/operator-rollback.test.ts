import { main } from '../../src/cli';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

const environment = { ...process.env };
let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_REGION: world.cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});
afterAll(() => world?.close());
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => {
  process.env = environment;
});

it('takes a release back in seconds while its previous version is warm, and leaves the expanded schema', async () => {
  const before = await world.schema();
  const released = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 3600 } });
  expect(released.outcome).toBe('DeploymentSucceeded');
  await expectServing(world, { version: 'v2', slot: 'b', idle: 2 });

  const told = jest.spyOn(console, 'log').mockImplementation();
  const steps = jest.spyOn(console, 'error').mockImplementation();
  const args = ['--workflow', 'Shop', '--reason', 'customers complain', '--by', 'ann'];
  expect(await main(['rollback', released.name, ...args])).toBe(0);
  expect(told.mock.calls.join()).toMatch(
    /^RolledBack: customers complain \(ann, after CompleteDeployment\); the previous version serves all traffic, schema expanded/,
  );
  for (const step of ['RecoverDeployment', 'ReturnTraffic {9}all traffic is back on blue', 'StopGreen'])
    expect(steps.mock.calls.join('\n')).toMatch(new RegExp(`^ {2}[0-9:]{8} {2}${step}`, 'm'));
  expect(steps.mock.calls.join('\n')).not.toContain('ValidateRequest');
  await expectServing(world, { version: 'v1', slot: 'a' });
  expect((await world.schema()).applied).toHaveLength(before.applied.length + 1);
});

it('stops a deployment that is under way and brings everybody back', async () => {
  const execution = await world.start(
    { service: 'shop', image: 'shop:v2', reason: 'a test', ...quick, bakeSeconds: 600 },
    'under-way',
  );
  expect(await world.entered(execution, 'Bake')).toBe(true);
  const back = await world.rollBack('under-way');
  expect([back.outcome, back.cause]).toEqual([
    'RolledBack',
    expect.stringMatching(/^a test \(an operator, after \w+\)/),
  ]);
  expect((await world.ended(execution)).path.at(-1)).toMatch(/Bake|ObserveGreen|VerdictHealthy\?/);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('refuses to take it back a second time, and says what to do', async () => {
  const released = await world.deploy({ image: 'shop:v2', ...quick });
  expect((await world.rollBack(released.name)).outcome).toBe('RolledBack');
  await expectServing(world, { version: 'v1', slot: 'a' });
  const again = await world.rollBack(released.name);
  expect(again.outcome).toBe('DeploymentRejected');
  expect(again.cause).toMatch(
    /was rolled back already; to go back further, deploy the version that you want as a new release; nothing was changed$/,
  );
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('starts the previous version again where it was stopped, and has all of its targets healthy before the first user', async () => {
  const released = await world.deploy({ image: 'shop:v2', ...quick });
  await expectServing(world, { version: 'v2', slot: 'b' });
  const back = await world.rollBack(released.name);
  expect(back.outcome).toBe('RolledBack');
  expect(back.path.indexOf('CheckBlue')).toBeGreaterThan(0);
  expect(back.path.indexOf('CheckBlue')).toBeLessThan(back.path.indexOf('ReturnTraffic'));
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('takes only the newest release back, and not the one before it', async () => {
  const first = await world.deploy({ image: 'shop:v2', ...quick });
  const second = await world.deploy({ image: 'shop:v1', ...quick, migrations: 'none' });
  expect(second.outcome).toBe('DeploymentSucceeded');
  const refused = await world.rollBack(first.name);
  expect(refused.outcome).toBe('DeploymentRejected');
  expect(refused.cause).toContain(`deployment ${second.name} was released after it; only the newest release`);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('refuses a release whose window is over, and one whose previous image is gone', async () => {
  const closed = await world.deploy({ image: 'shop:v2', ...quick, rollback: { windowSeconds: 0 } });
  expect((await world.rollBack(closed.name)).cause).toMatch(
    /its rollback window of 0 s ended at .*; deploy the version/,
  );
  await world.rest();
  const open = await world.deploy({ image: 'shop:v2', ...quick });
  world.fault({
    operation: 'ecr:DescribeImages',
    kind: 'before',
    error: 'ImageNotFoundException',
    role: 'RecoverDeployment',
  });
  const refused = await world.rollBack(open.name);
  world.mend();
  expect(refused.cause).toMatch(
    /the image of the previous version, \S+\/shop[:@]\S+, is no longer in .*; push it again/,
  );
  await expectServing(world, { version: 'v2', slot: 'a' });
  await world.rest();
});

it('keeps the previous version warm no longer than it was told', async () => {
  await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 30 } });
  await expectServing(world, { version: 'v2', slot: 'b', idle: 2 });
  while ((await world.running()).a > 0) await world.wake('RetirePrevious');
  await expectServing(world, { version: 'v2', slot: 'b' });
  await world.rest();
});

it('says of an unknown deployment and of a request with mistakes what is wrong', async () => {
  expect((await world.rollBack('unheard-of')).cause).toBe(
    'request.deploymentId: the journal knows no deployment "unheard-of"; nothing was changed',
  );
  const ended = await world.ended(await world.start({ resume: 'sideways', deploymentId: 7 }));
  expect(ended.outcome).toBe('DeploymentRejected');
  for (const part of ['request.resume: ', 'request.deploymentId: ', 'request.reason: '])
    expect(ended.cause).toContain(part);
});
