import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LockLost } from '../domain/errors';
import { definePort } from '../domain/port';

/**
 * One deployment at a time per service: a conditional write on one DynamoDB item that is never deleted, so that
 * its fencing number only grows. The lease outlives the longest execution, because nothing renews it.
 */
export interface Lock {
  /** Taking a lock that is already ours answers as the first time did. */
  acquire(service: string, holder: string, now: Date, leaseSeconds: number): Promise<Acquired>;
  release(service: string, holder: string): Promise<void>;
}
export type Acquired = { acquired: true; fence: number } | { acquired: false; holder: string; until: string };

export interface Fence {
  /** Throws LockLost unless `holder` still holds the lock under this fencing number. */
  check(service: string, holder: string, fence: number): Promise<void>;
}

const key = (service: string) => ({ pk: { S: `service#${service}` }, sk: { S: 'lock' } });
const lost = (error: unknown) => (error as Error).name === 'ConditionalCheckFailedException';

export const lock = definePort<Lock>({
  grants: [{ sid: 'Lock', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    const read = async (service: string) =>
      (await db.send(new GetItemCommand({ TableName: table, Key: key(service), ConsistentRead: true }))).Item;

    return {
      async acquire(service, holder, now, leaseSeconds) {
        const held = await read(service);
        if (held?.holder?.S === holder) return { acquired: true, fence: Number(held.fence?.N) };
        try {
          const { Attributes } = await db.send(
            new UpdateItemCommand({
              TableName: table,
              Key: key(service),
              UpdateExpression: 'SET holder = :me, expires = :until ADD fence :one',
              ConditionExpression: 'attribute_not_exists(holder) OR expires < :now',
              ExpressionAttributeValues: {
                ':me': { S: holder },
                ':one': { N: '1' },
                ':now': { N: String(Math.floor(now.getTime() / 1000)) },
                ':until': { N: String(Math.floor(now.getTime() / 1000) + leaseSeconds) },
              },
              ReturnValues: 'ALL_NEW',
            }),
          );
          return { acquired: true, fence: Number(Attributes?.fence?.N) };
        } catch (error) {
          if (!lost(error)) throw error;
          const other = await read(service);
          // our own first attempt may have been the one that won
          if (other?.holder?.S === holder) return { acquired: true, fence: Number(other.fence?.N) };
          return {
            acquired: false,
            holder: other?.holder?.S ?? 'unknown',
            until: new Date(Number(other?.expires?.N ?? 0) * 1000).toISOString(),
          };
        }
      },
      async release(service, holder) {
        try {
          await db.send(
            new UpdateItemCommand({
              TableName: table,
              Key: key(service),
              UpdateExpression: 'REMOVE holder, expires',
              ConditionExpression: 'holder = :me',
              ExpressionAttributeValues: { ':me': { S: holder } },
            }),
          );
        } catch (error) {
          // not ours (any more): releasing is asking for a state that already holds
          if (!lost(error)) throw error;
        }
      },
    };
  },
});

export const fence = definePort<Fence>({
  grants: [{ sid: 'Fence', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async check(service, holder, number) {
        const { Item } = await db.send(
          new GetItemCommand({ TableName: table, Key: key(service), ConsistentRead: true }),
        );
        if (Item?.holder?.S !== holder || Number(Item.fence?.N) !== number)
          throw new LockLost(
            `deployment ${holder} no longer holds the lock of ${service} under number ${number}; it is held by ${Item?.holder?.S ?? 'nobody'}`,
          );
      },
    };
  },
});
