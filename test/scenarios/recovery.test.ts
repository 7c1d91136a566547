import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(() => world.rest());

const release = { image: 'shop:v2', ...quick };

/** The version that serves, and the slot it is in. */
async function live() {
  const { a } = await world.weights();
  return { versions: await world.serving(), slot: a === 100 ? ('a' as const) : ('b' as const) };
}

/** One version has all users, nothing else runs, and the lock is free: what holds after every true end. */
async function expectLive({ versions, slot }: { versions: string[]; slot: 'a' | 'b' }) {
  expect(await world.serving()).toEqual(versions);
  expect(await world.weights()).toEqual({ a: slot === 'a' ? 100 : 0, b: slot === 'b' ? 100 : 0 });
  expect(await world.running()).toEqual({ a: slot === 'a' ? 2 : 0, b: slot === 'b' ? 2 : 0 });
  expect(await world.lockHolder()).toBeUndefined();
  expect(await world.migrationTasks()).toBe(0);
  expect(world.load.lost()).toBe(0);
}

it.each<[string, 'before' | 'after', string]>([
  ['InspectLive', 'after', 'DeploymentRejected'],
  ['SnapshotDatabase', 'after', 'DeploymentRejected'],
  ['StartMigration', 'after', 'RolledBack'],
  ['StartGreen', 'after', 'RolledBack'],
  // its effect comes after the stop, and is refused
  ['ShiftTraffic', 'before', 'RolledBack'],
  ['ShiftTraffic', 'after', 'RolledBack'],
])('a release that is stopped in %s (%s its effect) is recovered to %s', async (state, when, outcome) => {
  const before = await live();
  const name = await world.abandon(release, { state, when });
  const recovery = await world.endOf(`${name}-recover-1`);
  expect([recovery.outcome, recovery.cause]).toEqual([
    outcome,
    expect.stringContaining('had come to no end'),
  ]);
  await expectLive(before);
});

it.each(['RetireBlue', 'ApplyRetention'])(
  'a release that is stopped in %s, when everybody is on green, is brought to its end',
  async (state) => {
    const before = await live();
    const name = await world.abandon(release, { state, when: 'after' });
    const recovery = await world.endOf(`${name}-recover-1`);
    expect([recovery.outcome, recovery.cause]).toEqual(['DeploymentSucceeded', '']);
    await expectLive({ versions: ['v2'], slot: before.slot === 'a' ? 'b' : 'a' });
  },
);

it('a way back that is stopped is gone to its end', async () => {
  const before = await live();
  const name = await world.abandon({ ...release, image: 'shop:v3' }, { state: 'StopGreen', when: 'after' });
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  await expectLive(before);
});

it('a recovery that is stopped is recovered itself', async () => {
  const before = await live();
  const slow = { operation: 'lambda:Invoke', kind: 'slow', delayMs: 60_000, times: 1 } as const;
  world.fault({ ...slow, target: 'GreenlightRecoverDeployment' });
  const name = await world.abandon(release, { state: 'StartGreen', when: 'after' });
  expect(await world.entered(await world.begun(`${name}-recover-1`), 'RecoverDeployment')).toBe(true);
  await world.stop(world.execution(`${name}-recover-1`));
  expect((await world.endOf(`${name}-recover-2`)).outcome).toBe('RolledBack');
  await expectLive(before);
});
