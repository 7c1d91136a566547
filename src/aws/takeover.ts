import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Port } from '../domain/step/port';
import { beaten, type Held, heldIn, lockKey, readLock, seconds } from './lock-row';

export interface LockReader {
  read(service: string): Promise<Held | undefined>;
}

export interface Takeover {
  /**
   * Makes `execution` the driver of a deployment, with a new fencing number: whatever an earlier driver still does is
   * refused. `seen` is the lock as it was judged; undefined when it has changed since. Asking again answers the same.
   */
  take(
    service: string,
    deployment: string,
    execution: string,
    seen: Held | undefined,
    lease: { now: Date; seconds: number },
  ): Promise<{ service: string; fence: number } | undefined>;
}

export interface Handover {
  /** Leaves the deployment to a person: nothing goes on by itself. True for the one who did it. */
  toPeople(service: string, holder: string, execution: string): Promise<boolean>;
}

export const lockReader: Port<LockReader> = {
  grants: [{ sid: 'ReadLock', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return { read: (service) => readLock(db, table, service) };
  },
};

export const takeover: Port<Takeover> = {
  grants: [{ sid: 'TakeOver', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async take(service, deployment, execution, seen, lease) {
        try {
          const { Attributes } = await db.send(
            new UpdateItemCommand({
              TableName: table,
              Key: lockKey(service),
              UpdateExpression: `SET holder = :me, execution = :execution, expires = :until${seen ? '' : ', stamp = :stamp'} REMOVE stuck, successor${seen ? '' : ', moved'} ADD fence :one`,
              ConditionExpression: seen
                ? `holder = :me AND execution = :seen AND fence = :fence AND attribute_${seen.stuck ? '' : 'not_'}exists(stuck)`
                : 'attribute_not_exists(holder)',
              ExpressionAttributeValues: {
                ':me': { S: deployment },
                ':execution': { S: execution },
                ':until': seconds(lease.now, lease.seconds),
                ':one': { N: '1' },
                ...(seen
                  ? { ':seen': { S: seen.execution }, ':fence': { N: String(seen.fence) } }
                  : { ':stamp': { S: `${lease.now.toISOString()}#${deployment}` } }),
              },
              ReturnValues: 'ALL_NEW',
            }),
          );
          return { service, fence: heldIn(Attributes)?.fence ?? 0 };
        } catch (error) {
          if (!beaten(error)) throw error;
          const held = await readLock(db, table, service);
          // our own first attempt may have been the one that won
          if (held?.holder === deployment && held.execution === execution)
            return { service, fence: held.fence };
          return undefined;
        }
      },
    };
  },
};

export const handover: Port<Handover> = {
  grants: [{ sid: 'HandOver', actions: ['dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async toPeople(service, holder, execution) {
        try {
          await db.send(
            new UpdateItemCommand({
              TableName: table,
              Key: lockKey(service),
              UpdateExpression: 'SET stuck = :yes',
              ConditionExpression: 'holder = :me AND execution = :execution AND attribute_not_exists(stuck)',
              ExpressionAttributeValues: {
                ':me': { S: holder },
                ':execution': { S: execution },
                ':yes': { BOOL: true },
              },
            }),
          );
          return true;
        } catch (error) {
          if (!beaten(error)) throw error;
          return false;
        }
      },
    };
  },
};
