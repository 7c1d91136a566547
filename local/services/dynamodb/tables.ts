import type { CreateTableInput, DynamoDB, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb';
import { waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { arn } from '../../names';
import type { Resource } from '../../service';

export const tableArn = (name: string) => arn('dynamodb', `table/${name}`);

/** The tables' time-to-live settings: kept and shown; items do not expire. */
export type TimesToLive = Map<string, TimeToLiveSpecification>;

interface TableProperties extends Omit<CreateTableInput, 'TableName' | 'StreamSpecification'> {
  TableName?: string;
  StreamSpecification?: unknown;
  KinesisStreamSpecification?: unknown;
  TimeToLiveSpecification?: TimeToLiveSpecification;
  Replicas?: { Region: string }[];
}

function refuse(properties: TableProperties, logicalId: string): void {
  for (const name of ['StreamSpecification', 'KinesisStreamSpecification'] as const)
    if (properties[name])
      throw new Error(`table ${logicalId} has a ${name}; streams are not served locally, leave it out`);
  if ((properties.Replicas?.length ?? 1) > 1)
    throw new Error(`table ${logicalId} has replicas in several regions; there is one region locally`);
}

/** Capacity arrives as numbers or strings and has no effect here; without any the table is on demand. */
function capacityOf({ BillingMode, ProvisionedThroughput: capacity }: TableProperties) {
  if (BillingMode === 'PAY_PER_REQUEST' || !capacity) return { BillingMode: 'PAY_PER_REQUEST' as const };
  const { ReadCapacityUnits, WriteCapacityUnits } = capacity;
  return {
    ProvisionedThroughput: {
      ReadCapacityUnits: Number(ReadCapacityUnits),
      WriteCapacityUnits: Number(WriteCapacityUnits),
    },
  };
}

/** Creates a table from AWS::DynamoDB::Table or ::GlobalTable properties and waits until it is ACTIVE. */
export async function createTable(
  client: DynamoDB,
  timesToLive: TimesToLive,
  properties: TableProperties,
  { name, logicalId }: { name: string; logicalId: string },
): Promise<Resource> {
  refuse(properties, logicalId);
  const TableName = properties.TableName ?? name;
  const capacity = capacityOf(properties);
  const indexes = properties.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
    ...(capacity.ProvisionedThroughput && { ProvisionedThroughput: capacity.ProvisionedThroughput }),
  }));
  await client.createTable({
    TableName,
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    ...(indexes && { GlobalSecondaryIndexes: indexes }),
    ...(properties.LocalSecondaryIndexes && { LocalSecondaryIndexes: properties.LocalSecondaryIndexes }),
    ...capacity,
  });
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 }, { TableName });
  const ttl = properties.TimeToLiveSpecification;
  if (ttl)
    timesToLive.set(TableName, { AttributeName: ttl.AttributeName, Enabled: String(ttl.Enabled) === 'true' });
  return { ref: TableName, attributes: { Arn: tableArn(TableName), TableId: TableName } };
}
