import { type PackerWorld, startPackerWorld } from './world/packer';

jest.setTimeout(180_000);

let world: PackerWorld;
beforeAll(async () => {
  world = await startPackerWorld();
});
afterAll(() => world?.close());

/** One version alone packs, every task of the service is its, and no parcel was lost or packed twice. */
async function expectPacking(version: string): Promise<void> {
  expect(await world.packing()).toBe(version);
  expect(Object.keys(await world.tasks())).toEqual([await world.taskDefinition()]);
  const parcels = await world.parcels();
  expect(parcels.length).toBeGreaterThan(0);
  expect(parcels.filter(({ packed }) => packed !== 1)).toEqual([]);
  expect(await world.lockHolder()).toBeUndefined();
}

const WEIGHT = '20260308090000';

it('releases a new version in place, with its migrations, and no parcel is lost or packed twice', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v2' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path).toEqual(
    expect.arrayContaining(['SnapshotDatabase', 'TryBlue', 'RollOut', 'ObserveGreen']),
  );
  expect((await world.schema()).applied).toContain(WEIGHT);
  await expectPacking('v2');
});

it('rolls back a version whose tasks end by themselves, with the reason', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v2-crashes' });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/ECS gave the rollout up|green keeps crashing/);
  await expectPacking('v2');
});
