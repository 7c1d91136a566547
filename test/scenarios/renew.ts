import { DescribeServicesCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteDBSnapshotCommand, type RDSClient } from '@aws-sdk/client-rds';
import type { Settings } from '../../src/domain/settings/settings';

type Slot = 'a' | 'b';
/** The task definition that each slot's service began with. */
type Versions = Record<Slot, string>;

const POLL_MS = 50;
const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));

const describe = async (ecs: ECSClient, { cluster, slots }: Settings, slot: Slot) =>
  (await ecs.send(new DescribeServicesCommand({ cluster, services: [slots[slot].service] }))).services?.[0];

export async function versionsOf(ecs: ECSClient, settings: Settings): Promise<Versions> {
  const [a, b] = await Promise.all((['a', 'b'] as const).map((slot) => describe(ecs, settings, slot)));
  return { a: a?.taskDefinition ?? '', b: b?.taskDefinition ?? '' };
}

/** Gives a slot so many tasks of its first version, and waits until there are no others. */
async function run(
  { ecs, elb }: { ecs: ECSClient; elb: ElasticLoadBalancingV2Client },
  settings: Settings,
  slot: Slot,
  taskDefinition: string,
  desiredCount: number,
): Promise<void> {
  const { cluster, slots } = settings;
  const { service, targetGroup } = slots[slot];
  await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount }));
  for (;;) {
    const now = await describe(ecs, settings, slot);
    const { TargetHealthDescriptions: targets = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
    );
    const steady = now?.deployments?.length === 1 && now.runningCount === desiredCount;
    const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
    if (steady && healthy.length === desiredCount && targets.length === desiredCount) return;
    await pause();
  }
}

/** After a world has come to rest: v1 serves from slot a, as it did when the world began, and no snapshot is left. */
export async function beginAgain(
  { ecs, elb, rds }: { ecs: ECSClient; elb: ElasticLoadBalancingV2Client; rds: RDSClient },
  settings: Settings,
  versions: Versions,
  world: {
    setWeights(weights: Record<Slot, number>): Promise<void>;
    snapshots(): Promise<{ name: string }[]>;
  },
): Promise<void> {
  await run({ ecs, elb }, settings, 'a', versions.a, 2);
  await world.setWeights({ a: 100, b: 0 });
  await run({ ecs, elb }, settings, 'b', versions.b, 0);
  for (const { name } of await world.snapshots())
    await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: name }));
}
