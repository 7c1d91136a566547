import { CreateDBSnapshotCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { World } from './world';

/** Takes a snapshot of the database, as a deployment of long ago did if one is named, and waits until it is there. */
export async function takeSnapshot(world: World, name: string, deployment?: string): Promise<void> {
  const rds = new RDSClient(world.aws);
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  await rds.send(
    new CreateDBSnapshotCommand({
      DBInstanceIdentifier: DBInstances[0]?.DBInstanceIdentifier,
      DBSnapshotIdentifier: name,
      Tags: deployment === undefined ? [] : [{ Key: 'greenlight:deployment', Value: deployment }],
    }),
  );
  for (;;) {
    const seen = (await world.snapshots()).find((snapshot) => snapshot.name === name);
    if (seen?.status === 'available') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The cloud's clock cannot be moved by years, so the one step that asks for the age of snapshots is told another one. */
export function ageSnapshots(world: World): void {
  world.fault({
    operation: 'rds:DescribeDBSnapshots',
    kind: 'override',
    patch: { DBSnapshots: { SnapshotCreateTime: new Date('2020-01-01') } },
    role: 'ApplyRetention',
  });
}
