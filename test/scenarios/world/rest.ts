import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteDBInstanceCommand, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type Ground, rowOf, type Slot, until } from './ground';
import { migrate, type Tasks } from './tasks';
import type { Traffic } from './traffic';

/** The migration of v1. */
const FIRST_MIGRATION = '20260105090000';

/** Brings the world to rest after any end: one slot serves, the lock is free, v1's schema, the first database alone. */
export async function bringToRest(ground: Ground, world: Tasks & Traffic): Promise<void> {
  const { a, b } = await world.running();
  if (a + b === 0) await startAgain(ground);
  await keepServingDatabase(ground);
  await settle(ground, world);
}

/** What an operator does about a service that was left closed: the live version is started again. */
async function startAgain({ cloud, settings, table, clients: { ecs, elb, db } }: Ground): Promise<void> {
  const { Item } = await db.send(
    new GetItemCommand({ TableName: table, Key: rowOf('live'), ConsistentRead: true }),
  );
  const { slot } = JSON.parse(Item?.value?.S ?? '{"slot":"a"}') as { slot: Slot };
  const { service, targetGroup } = settings.slots[slot];
  await ecs.send(new UpdateServiceCommand({ cluster: settings.cluster, service, desiredCount: 2 }));
  await cloud.settled();
  await until(async () => {
    const { TargetHealthDescriptions = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
    );
    const healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
    return healthy.length >= 2 || undefined;
  });
}

/** What an operator does about databases after restores: the one in the secret serves, the others go. */
async function keepServingDatabase({ cloud, settings, table, clients }: Ground): Promise<void> {
  const { rds, db, secrets } = clients;
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: settings.database.secret }),
  );
  const { port } = JSON.parse(SecretString ?? '{}') as { port: number };
  const serving = await until(async () => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    const name = DBInstances.find(({ Endpoint }) => Endpoint?.Port === port)?.DBInstanceIdentifier ?? '';
    const others = DBInstances.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier !== name);
    for (const { DBInstanceIdentifier, DBInstanceStatus } of others)
      if (['available', 'failed'].includes(DBInstanceStatus ?? ''))
        await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    if (others.length === 0) return name;
    // else one that is being deleted may be shown as available
    await cloud.settled();
    return undefined;
  });
  if (serving === settings.database.instance)
    await db.send(new DeleteItemCommand({ TableName: table, Key: rowOf('database') }));
  else
    await db.send(
      new PutItemCommand({ TableName: table, Item: { ...rowOf('database'), instance: { S: serving } } }),
    );
}

/** What an operator does after NeedsOperator. */
async function settle(ground: Ground, world: Tasks & Traffic): Promise<void> {
  const { cloud, settings, table, clients } = ground;
  const { cluster, slots, migrations } = settings;
  const { a, b } = await world.running();
  const weights = await world.weights();
  const live = a > 0 && (b === 0 || weights.a >= weights.b) ? 'a' : 'b';
  await world.setWeights({ a: live === 'a' ? 100 : 0, b: live === 'b' ? 100 : 0 });
  const idle = live === 'a' ? 'b' : 'a';
  await clients.ecs.send(
    new UpdateServiceCommand({ cluster, service: slots[idle].service, desiredCount: 0 }),
  );
  await cloud.settled();
  await until(async () => (await world.running())[idle] === 0 || undefined);
  for (const task of await world.trials()) await clients.ecs.send(new StopTaskCommand({ cluster, task }));
  await until(async () => (await world.migrationTasks()) === 0 || undefined);
  await migrate(ground, [...migrations.revertCommand, FIRST_MIGRATION]);
  await clients.db.send(
    new UpdateItemCommand({
      TableName: table,
      Key: rowOf('lock'),
      UpdateExpression: 'REMOVE holder, expires',
    }),
  );
  await clients.db.send(new DeleteItemCommand({ TableName: table, Key: rowOf('live') }));
}
