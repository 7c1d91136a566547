import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteDBSnapshotCommand } from '@aws-sdk/client-rds';
import type { Database } from './database';
import { type Ground, type Slot, until } from './ground';
import type { Traffic } from './traffic';

/** The task definition that each slot's service began with. */
export type Versions = Record<Slot, string>;

const describe = async ({ settings, clients }: Ground, slot: Slot) => {
  const { cluster, slots } = settings;
  return (await clients.ecs.send(new DescribeServicesCommand({ cluster, services: [slots[slot].service] })))
    .services?.[0];
};

export async function versionsOf(ground: Ground): Promise<Versions> {
  const [a, b] = await Promise.all((['a', 'b'] as const).map((slot) => describe(ground, slot)));
  return { a: a?.taskDefinition ?? '', b: b?.taskDefinition ?? '' };
}

/** Gives a slot so many tasks of its first version, and waits until there are no others. */
async function run(ground: Ground, slot: Slot, taskDefinition: string, desiredCount: number): Promise<void> {
  const { settings, clients } = ground;
  const { service, targetGroup } = settings.slots[slot];
  await clients.ecs.send(
    new UpdateServiceCommand({ cluster: settings.cluster, service, taskDefinition, desiredCount }),
  );
  // else what is steady may be what it had before
  await ground.cloud.settled();
  await until(async () => {
    const now = await describe(ground, slot);
    const { TargetHealthDescriptions: targets = [] } = await clients.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
    );
    const steady = now?.deployments?.length === 1 && now.runningCount === desiredCount;
    const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
    return (steady && healthy.length === desiredCount && targets.length === desiredCount) || undefined;
  });
}

/** After a world has come to rest: v1 serves from slot a, as it did when the world began, and no snapshot is left. */
export async function beginAgain(
  ground: Ground,
  versions: Versions,
  world: Traffic & Database,
): Promise<void> {
  await run(ground, 'a', versions.a, 2);
  await world.setWeights({ a: 100, b: 0 });
  await run(ground, 'b', versions.b, 0);
  for (const { name } of await world.snapshots())
    await ground.clients.rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: name }));
  await ground.cloud.settled();
}
