import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteDBInstanceCommand, DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Settings } from '../../src/domain/settings/settings';

const key = (sk: string) => ({ pk: { S: 'service#shop' }, sk: { S: sk } });

/** What an operator does about databases after restores: the one in the secret serves, the others go. */
export async function keepServingDatabase(
  { rds, db, secrets }: { rds: RDSClient; db: DynamoDBClient; secrets: SecretsManagerClient },
  settings: Settings,
  table: string,
): Promise<void> {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: settings.database.secret }),
  );
  const { port } = JSON.parse(SecretString ?? '{}') as { port: number };
  for (;;) {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    const serving = DBInstances.find(({ Endpoint }) => Endpoint?.Port === port)?.DBInstanceIdentifier ?? '';
    const others = DBInstances.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier !== serving);
    if (others.length === 0) {
      if (serving === settings.database.instance)
        await db.send(new DeleteItemCommand({ TableName: table, Key: key('database') }));
      else
        await db.send(
          new PutItemCommand({ TableName: table, Item: { ...key('database'), instance: { S: serving } } }),
        );
      return;
    }
    for (const { DBInstanceIdentifier, DBInstanceStatus } of others)
      if (['available', 'failed'].includes(DBInstanceStatus ?? ''))
        await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What an operator does about a service that was left closed: the version that served is started again. */
export async function startAgain(
  { ecs, elb, db }: { ecs: ECSClient; elb: ElasticLoadBalancingV2Client; db: DynamoDBClient },
  { cluster, slots }: Settings,
  table: string,
): Promise<void> {
  const { Item } = await db.send(new GetItemCommand({ TableName: table, Key: key('live') }));
  const { slot } = JSON.parse(Item?.value?.S ?? '{"slot":"a"}') as { slot: 'a' | 'b' };
  const { service, targetGroup } = slots[slot];
  await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 2 }));
  for (let healthy = 0; healthy < 2; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { TargetHealthDescriptions = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
    );
    healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
  }
}
