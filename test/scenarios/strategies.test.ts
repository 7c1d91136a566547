import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  shifts();
});
afterAll(() => world?.close());

/** The shares that green was given, in order, since the last question. */
let heard = 0;
const shifts = () => {
  const all = world.cloud.services.events
    .recent()
    .filter((event) => event['detail-type'] === 'TrafficShifted')
    .map(({ detail }) => (detail as { greenPercent: number }).greenPercent);
  const fresh = all.slice(heard);
  heard = all.length;
  return fresh;
};

it('LINEAR gives green one equal step after the other, the last of them all of it', async () => {
  const ended = await world.deploy({
    image: 'shop:v2',
    ...quick,
    strategy: 'LINEAR',
    linear: { percent: 40, seconds: 5 },
  });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(shifts()).toEqual([40, 80, 100]);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('LINEAR rolls back at the first step that convicts, and leaves no split behind', async () => {
  const ended = await world.deploy({
    image: 'shop:v3',
    ...sick,
    strategy: 'LINEAR',
    linear: { percent: 50, seconds: 600 },
  });
  expect(ended).toMatchObject({ outcome: 'RolledBack' });
  expect(shifts()).toEqual([50, 0]);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('ALL_AT_ONCE moves everybody in one step, and everybody back when users meet errors', async () => {
  const ended = await world.deploy({ image: 'shop:v3', ...sick, strategy: 'ALL_AT_ONCE', bakeSeconds: 600 });
  expect(ended).toMatchObject({ outcome: 'RolledBack' });
  expect(shifts()).toEqual([100, 0]);
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('ROLLING replaces the tasks of the one service in place, without a second one', async () => {
  const ended = await world.deploy({
    image: 'shop:v1',
    ...quick,
    strategy: 'ROLLING',
    migrations: 'none',
  });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path).toContain('RollOut');
  expect(ended.path).not.toContain('StartGreen');
  expect(shifts()).toEqual([]);
  await expectServing(world, { version: 'v1', slot: 'b' });
});

it('ROLLING rolls back to the previous version when users meet errors on the new one', async () => {
  const ended = await world.deploy({
    image: 'shop:v3',
    ...sick,
    strategy: 'ROLLING',
    bakeSeconds: 600,
  });
  expect(ended).toMatchObject({ outcome: 'RolledBack' });
  expect(ended.cause).toMatch(/green \d+ of \d+ requests failed/);
  expect(ended.path).toContain('UndoRollout');
  await expectServing(world, { version: 'v1', slot: 'b' });
});

it('ROLLING ends where it began when the new version never comes up: users stay on the previous one', async () => {
  const ended = await world.deploy({ image: 'shop:v5', ...quick, strategy: 'ROLLING' });
  expect(ended).toMatchObject({ outcome: 'RolledBack' });
  expect(ended.cause).toMatch(/green keeps crashing|ECS gave the rollout up|green is not healthy after/);
  expect(ended.cause).toMatch(/the newest stopped task says [A-Z]\w+: /);
  expect(Object.keys(world.load.versions())).not.toContain('v5');
  await expectServing(world, { version: 'v1', slot: 'b' });
});

it('AUTO takes the service’s own strategy where the migrations break nobody, and says so in a dry run', async () => {
  const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'AUTO', dryRun: true });
  expect(ended).toMatchObject({ outcome: 'PlanReported' });
  const settled = ended.events.findLast(
    ({ stateExitedEventDetails }) => stateExitedEventDetails?.name === 'ChooseStrategy',
  );
  expect(settled?.stateExitedEventDetails?.output).toContain('"strategy":"CANARY"');
  await expectServing(world, { version: 'v1', slot: 'b' });
});

it('AUTO takes a maintenance window where the migrations would break the live version', async () => {
  const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'ALL_AT_ONCE' });
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  const planned = await world.deploy({ image: 'shop:v6', ...quick, strategy: 'AUTO', dryRun: true });
  expect(planned).toMatchObject({ outcome: 'PlanReported' });
  const settled = planned.events.findLast(
    ({ stateExitedEventDetails }) => stateExitedEventDetails?.name === 'ChooseStrategy',
  );
  expect(settled?.stateExitedEventDetails?.output).toContain('"strategy":"MAINTENANCE"');
  await expectServing(world, { version: 'v2', slot: 'a' });
});
