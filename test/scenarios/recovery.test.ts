import { expectServing, otherThan, servingNow } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(() => world.rest());

const release = { image: 'shop:v2', ...quick };

it.each<[string, 'before' | 'after', string]>([
  ['InspectLive', 'after', 'DeploymentRejected'],
  ['SnapshotDatabase', 'after', 'DeploymentRejected'],
  ['StartMigration', 'after', 'RolledBack'],
  // its effect comes after the stop, and is refused
  ['ShiftTraffic', 'before', 'RolledBack'],
  ['ShiftTraffic', 'after', 'RolledBack'],
])('a release that is stopped in %s (%s its effect) is recovered to %s', async (state, when, outcome) => {
  const before = await servingNow(world);
  const name = await world.abandon(release, { state, when });
  const recovery = await world.endOf(`${name}-recover-1`);
  expect([recovery.outcome, recovery.cause]).toEqual([
    outcome,
    expect.stringContaining('had come to no end'),
  ]);
  await expectServing(world, before);
});

it('a release that is stopped while a test of its own is at work leaves no task behind', async () => {
  const before = await servingNow(world);
  const { taskDefinition, container } = world.settings.migrations;
  const task = { taskDefinition, container, command: ['sleep', '600'], timeoutSeconds: 600 };
  await world.configure({ smokeTests: [{ path: '/version', status: 200 }, { task }, { task }] });
  const name = await world.abandon(release, { state: 'SmokeTestGreen', when: 'after' });
  await world.configure({});
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  for (const test of [0, 1])
    expect(await world.marked(`greenlight/smoke-${test}/${name}`)).toEqual([{ status: 'STOPPED' }]);
  await expectServing(world, before);
});

it.each(['RetireBlue', 'ApplyRetention'])(
  'a release that is stopped in %s, when everybody is on green, is brought to its end',
  async (state) => {
    const before = await servingNow(world);
    const name = await world.abandon(release, { state, when: 'after' });
    const recovery = await world.endOf(`${name}-recover-1`);
    expect([recovery.outcome, recovery.cause]).toEqual(['DeploymentSucceeded', '']);
    await expectServing(world, { version: 'v2', slot: otherThan(before.slot) });
  },
);

it('a rollback that is stopped is brought to its end', async () => {
  const before = await servingNow(world);
  const name = await world.abandon(
    { ...release, image: 'shop:v3', ...sick },
    { state: 'StopGreen', when: 'after' },
  );
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  await expectServing(world, before);
});

it('a recovery that is stopped is recovered itself', async () => {
  const before = await servingNow(world);
  const slow = { operation: 'lambda:Invoke', kind: 'slow', delayMs: 60_000, times: 1 } as const;
  world.fault({ ...slow, target: 'GreenlightRecoverDeployment' });
  const name = await world.abandon(release, { state: 'StartGreen', when: 'after' });
  expect(await world.entered(await world.begun(`${name}-recover-1`), 'RecoverDeployment')).toBe(true);
  await world.stop(world.execution(`${name}-recover-1`));
  expect((await world.endOf(`${name}-recover-2`)).outcome).toBe('RolledBack');
  await expectServing(world, before);
});
