import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  type DeleteItemInput,
  type DynamoDB,
  type PutItemInput,
  type TableDescription,
  type UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { ownKey } from '../../names';
import type { Operations, ResourceMaker, ResourceUpdater, Service } from '../../service';
import { Gate } from './gate';
import { type Item, Keys, read } from './keys';
import { openStore } from './store';
import { createTable, type TimesToLive, tableArn } from './tables';
import { Transactions } from './transactions';

type ConditionalWrite = PutItemInput | UpdateItemInput | DeleteItemInput;

/** What of a table is as it was created. */
const FIXED = [
  ...['TableName', 'KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes'],
  ...['StreamSpecification', 'KinesisStreamSpecification', 'SSESpecification'],
];

/** dynalite has its own idea of region and account. */
const placed = <T extends TableDescription | undefined>(table: T): T =>
  table && { ...table, TableArn: tableArn(table.TableName!) };

/**
 * DynamoDB: dynalite, in memory unless a folder is given, behind the service's own client, plus what it lacks: transactions, the failed
 * item of a conditional write, time-to-live settings. Conditions and expressions are dynalite's.
 */
export function createDynamodb(folder?: string): Service {
  const store = openStore(folder);
  const gate = new Gate();
  const keys = new Keys();
  const transactions = new Transactions(keys);
  const timesToLive: TimesToLive = new Map();
  /** The account's own keys that encrypt tables, by the table's ARN. */
  const ownKeys = new Map<string, string>();

  const shared = async <T>(work: (client: DynamoDB) => Promise<T>) => {
    const client = await store.client();
    return gate.share(() => work(client));
  };
  const alone = async <T>(work: (client: DynamoDB) => Promise<T>) => {
    const client = await store.client();
    return gate.alone(() => work(client));
  };

  /** Nothing may write between the failed condition and the reading of the item that failed it. */
  async function write<I extends ConditionalWrite, O>(
    input: I,
    send: (client: DynamoDB, input: I) => Promise<O>,
  ): Promise<O> {
    const { ReturnValuesOnConditionCheckFailure: returned, ...rest } = input;
    if (returned !== 'ALL_OLD') return shared((client) => send(client, rest as I));
    return alone(async (client) => {
      try {
        return await send(client, rest as I);
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { TableName, Key, Item: put } = input as { TableName: string; Key?: Item; Item?: Item };
        const found = await read(client, TableName, Key ?? (await keys.of(client, TableName, put!)));
        throw new ConditionalCheckFailedException({ message: error.message, $metadata: {}, Item: found });
      }
    });
  }

  const operations: Operations<DynamoDB> = {
    PutItem: (input) => write(input, (client, input) => client.putItem(input)),
    UpdateItem: (input) => write(input, (client, input) => client.updateItem(input)),
    DeleteItem: (input) => write(input, (client, input) => client.deleteItem(input)),
    GetItem: (input) => shared((client) => client.getItem(input)),
    Query: (input) => shared((client) => client.query(input)),
    Scan: (input) => shared((client) => client.scan(input)),
    BatchGetItem: (input) => shared((client) => client.batchGetItem(input)),
    BatchWriteItem: (input) => shared((client) => client.batchWriteItem(input)),
    TransactGetItems: (input) => alone((client) => transactions.get(client, input)),
    TransactWriteItems: (input) => alone((client) => transactions.write(client, input)),
    ListTables: (input) => shared((client) => client.listTables(input)),
    CreateTable: (input) =>
      alone(async (client) => ({
        TableDescription: placed((await client.createTable(input)).TableDescription),
      })),
    DescribeTable: (input) =>
      shared(async (client) => ({ Table: placed((await client.describeTable(input)).Table) })),
    DeleteTable: (input) =>
      alone(async (client) => {
        const { TableDescription } = await client.deleteTable(input);
        keys.forget(input.TableName!);
        timesToLive.delete(input.TableName!);
        return { TableDescription: placed(TableDescription) };
      }),
    DescribeTimeToLive: (input) =>
      shared(async (client) => {
        await client.describeTable({ TableName: input.TableName });
        const ttl = timesToLive.get(input.TableName!);
        return {
          TimeToLiveDescription: {
            TimeToLiveStatus: ttl?.Enabled ? ('ENABLED' as const) : ('DISABLED' as const),
            ...(ttl?.Enabled && { AttributeName: ttl.AttributeName }),
          },
        };
      }),
    UpdateTimeToLive: (input) =>
      shared(async (client) => {
        await client.describeTable({ TableName: input.TableName });
        timesToLive.set(input.TableName!, input.TimeToLiveSpecification!);
        return { TimeToLiveSpecification: input.TimeToLiveSpecification };
      }),
  };

  const table: ResourceMaker = async (properties, context) => {
    const made = await alone((client) => createTable(client, timesToLive, properties, context));
    const key = ownKey(properties.SSESpecification?.KMSMasterKeyId);
    if (key) ownKeys.set(tableArn(made.ref), key);
    return made;
  };

  const updateTable: ResourceUpdater = (properties, { ref, before }) => {
    const fixed = FIXED.filter((name) => !isDeepStrictEqual(properties[name], before[name]));
    if (fixed.length > 0)
      throw new Error(`a change of ${fixed.join(', ')} of a table is not served locally; make another table`);
    const ttl = properties.TimeToLiveSpecification;
    if (ttl) timesToLive.set(ref, { ...ttl, Enabled: String(ttl.Enabled) === 'true' });
    else timesToLive.delete(ref);
    return { ref, attributes: { Arn: tableArn(ref), TableId: ref } };
  };

  const removeTable = async (ref: string) => {
    await alone((client) => client.deleteTable({ TableName: ref }));
    keys.forget(ref);
    timesToLive.delete(ref);
    ownKeys.delete(tableArn(ref));
  };

  return {
    signingName: 'dynamodb',
    operations,
    keyOf: (resource) => ownKeys.get(resource.split('/index/')[0] ?? ''),
    resources: { 'AWS::DynamoDB::Table': table, 'AWS::DynamoDB::GlobalTable': table },
    updates: { 'AWS::DynamoDB::Table': updateTable, 'AWS::DynamoDB::GlobalTable': updateTable },
    removals: { 'AWS::DynamoDB::Table': removeTable, 'AWS::DynamoDB::GlobalTable': removeTable },
    close: () => store.close(),
  };
}
