import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';

/**
 * The journal table, in which everything lies that the workflow has to remember. All that an item holds is text, a number, a
 * flag or bytes, so marshalling is these lines: @aws-sdk/lib-dynamodb would add 12 KB to every function, and a millisecond to
 * each cold start.
 */
export type Plain = string | number | boolean | Uint8Array;
/** An item; what is undefined is left out of it. */
export type Item = Record<string, Plain | undefined>;

function attribute(value: Plain): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  return typeof value === 'boolean' ? { BOOL: value } : { B: value };
}

/** As DynamoDB wants them. */
export const attributes = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [[name, attribute(value)]])),
  );

/** What DynamoDB answers with. */
export const plain = (item: Record<string, AttributeValue>): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, { S, N, BOOL, B }]) => [
      name,
      S ?? (N === undefined ? (BOOL ?? B) : Number(N)),
    ]),
  );

/** Where an item lies: its partition and its place in that. */
export type Key = { pk: string; sk: string };
export const ofDeployment = (deployment: string, sk: string): Key => ({ pk: `deployment#${deployment}`, sk });
export const ofService = (service: string, sk: string): Key => ({ pk: `service#${service}`, sk });

/** A condition did not hold: somebody else was first. */
export const beaten = (error: unknown) => (error as Error).name === 'ConditionalCheckFailedException';

/** The item as it stands now; undefined where there is none. */
export async function readItem(db: DynamoDBClient, table: string, key: Key): Promise<Item | undefined> {
  const { Item } = await db.send(
    new GetItemCommand({ TableName: table, Key: attributes(key), ConsistentRead: true }),
  );
  return Item && plain(Item);
}

/** Writes an item, in the place of one that was there. */
export async function writeItem(db: DynamoDBClient, table: string, key: Key, item: Item): Promise<void> {
  await db.send(new PutItemCommand({ TableName: table, Item: attributes({ ...key, ...item }) }));
}

/** Whether a write took place, or its condition did not hold. */
async function written(db: DynamoDBClient, put: PutItemCommand): Promise<boolean> {
  try {
    await db.send(put);
    return true;
  } catch (error) {
    if (!beaten(error)) throw error;
    return false;
  }
}

/** Writes an item where there is none. False where there is one. */
export const addItem = (db: DynamoDBClient, table: string, key: Key, item: Item): Promise<boolean> =>
  written(
    db,
    new PutItemCommand({
      TableName: table,
      Item: attributes({ ...key, ...item }),
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );

/** Writes an item in the place of one that was read. False where that one is another by now. */
export const replaceItem = (
  db: DynamoDBClient,
  table: string,
  key: Key,
  item: Item,
  { value }: Item,
): Promise<boolean> =>
  written(
    db,
    new PutItemCommand({
      TableName: table,
      Item: attributes({ ...key, ...item }),
      ConditionExpression: '#value = :read',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: attributes({ ':read': value }),
    }),
  );

/** Every item of a deployment whose place begins so, in the order of their places. */
export async function itemsOf(
  client: DynamoDBClient,
  table: string,
  deployment: string,
  beginning: string,
): Promise<Item[]> {
  const found: Item[] = [];
  const { pk } = ofDeployment(deployment, '');
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :beginning)',
      ExpressionAttributeValues: attributes({ ':pk': pk, ':beginning': beginning }),
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) found.push(...Items.map(plain));
  return found;
}
