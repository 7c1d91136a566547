import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/**
 * One item per service, `service#<name>` / `lock`, that is never deleted, so that its fencing number only grows.
 * Every change of it is one conditional write. Without `holder` the lock is free.
 */
export interface Held {
  /** The deployment's id. */
  holder: string;
  /** ARN of the execution that drives the deployment now. */
  execution: string;
  /** When the holder was first requested, in ISO 8601, `#` and its id: of two deployments the greater is the newer. */
  stamp: string;
  fence: number;
  /** When the lease ends, in ISO 8601. */
  expires: string;
  /** Users may have seen the new version: from now on nobody supersedes it. */
  moved: boolean;
  /** A person was called: nothing goes on by itself. */
  stuck: boolean;
  /** `stamp` of the newer deployment that this one gives way to. */
  successor?: string;
}

export const lockKey = (service: string) => ({ pk: { S: `service#${service}` }, sk: { S: 'lock' } });

/** A condition did not hold: somebody else was first. */
export const beaten = (error: unknown) => (error as Error).name === 'ConditionalCheckFailedException';

/** DynamoDB's number of an instant: whole seconds since the epoch. */
export const seconds = (instant: Date, later = 0) => ({
  N: String(Math.floor(instant.getTime() / 1000) + later),
});

export function heldIn(item: Record<string, AttributeValue> | undefined): Held | undefined {
  if (!item?.holder?.S) return undefined;
  return {
    holder: item.holder.S,
    execution: item.execution?.S ?? '',
    stamp: item.stamp?.S ?? '',
    fence: Number(item.fence?.N),
    expires: new Date(Number(item.expires?.N ?? 0) * 1000).toISOString(),
    moved: item.moved?.BOOL ?? false,
    stuck: item.stuck?.BOOL ?? false,
    successor: item.successor?.S,
  };
}

export async function readLock(
  db: DynamoDBClient,
  table: string,
  service: string,
): Promise<Held | undefined> {
  const { Item } = await db.send(
    new GetItemCommand({ TableName: table, Key: lockKey(service), ConsistentRead: true }),
  );
  return heldIn(Item);
}
