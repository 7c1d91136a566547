import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { attributes, beaten, type Item, ofService, plain, readItem } from './table';

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

/** A conditional change, in DynamoDB's expressions; their values by name, without the colon. */
export interface LockChange {
  update: string;
  onlyIf: string;
  values: Item;
}

/** Frees the lock of the execution that drives the deployment, and of no other. */
export const releasing = (holder: string, execution: string): LockChange => ({
  update: 'REMOVE holder, expires',
  onlyIf: 'holder = :holder AND execution = :execution',
  values: { holder, execution },
});

/** The change as a part of a command. */
export const updateOf = (table: string, service: string, { update, onlyIf, values }: LockChange) => ({
  TableName: table,
  Key: attributes(ofService(service, 'lock')),
  UpdateExpression: update,
  ConditionExpression: onlyIf,
  ExpressionAttributeValues: attributes(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  ),
});

/** Changes the lock; `done: false` where the condition does not hold. `held` is the lock as it is then. */
export async function changeLock(
  db: DynamoDBClient,
  table: string,
  service: string,
  change: LockChange,
): Promise<{ done: true; held: Held | undefined } | { done: false }> {
  try {
    const { Attributes = {} } = await db.send(
      new UpdateItemCommand({ ...updateOf(table, service, change), ReturnValues: 'ALL_NEW' }),
    );
    return { done: true, held: heldIn(plain(Attributes)) };
  } catch (error) {
    if (!beaten(error)) throw error;
    return { done: false };
  }
}

/** DynamoDB's number of an instant: whole seconds since the epoch. */
export const seconds = (instant: Date, later = 0) => Math.floor(instant.getTime() / 1000) + later;

function heldIn(item: Item | undefined): Held | undefined {
  if (!item?.holder) return undefined;
  const { holder, execution = '', stamp = '', fence, expires, moved, stuck, successor } = item;
  return {
    holder: String(holder),
    execution: String(execution),
    stamp: String(stamp),
    fence: Number(fence),
    expires: new Date(Number(expires ?? 0) * 1000).toISOString(),
    moved: moved === true,
    stuck: stuck === true,
    successor: successor === undefined ? undefined : String(successor),
  };
}

export const readLock = async (
  db: DynamoDBClient,
  table: string,
  service: string,
): Promise<Held | undefined> => heldIn(await readItem(db, table, ofService(service, 'lock')));
