import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Port } from '../domain/step/port';
import { changeLock, type Held, readLock, releasing, seconds } from './lock-row';

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
        const change = await changeLock(db, table, service, {
          update: `SET holder = :holder, execution = :execution, expires = :until${seen ? '' : ', stamp = :stamp'} REMOVE stuck, successor${seen ? '' : ', moved'} ADD fence :one`,
          onlyIf: seen
            ? `holder = :holder AND execution = :seen AND fence = :fence AND attribute_${seen.stuck ? '' : 'not_'}exists(stuck)`
            : 'attribute_not_exists(holder)',
          values: {
            holder: deployment,
            execution,
            until: seconds(lease.now, lease.seconds),
            one: 1,
            ...(seen
              ? { seen: seen.execution, fence: seen.fence }
              : { stamp: `${lease.now.toISOString()}#${deployment}` }),
          },
        });
        if (change.done) return { service, fence: change.held?.fence ?? 0 };
        const held = await readLock(db, table, service);
        // our own first attempt may have been the one that won
        if (held?.holder === deployment && held.execution === execution)
          return { service, fence: held.fence };
        return undefined;
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
        const { done } = await changeLock(db, table, service, {
          update: 'SET stuck = :yes',
          onlyIf: 'holder = :holder AND execution = :execution AND attribute_not_exists(stuck)',
          values: { holder, execution, yes: true },
        });
        return done;
      },
    };
  },
};

export interface LockReleaser {
  /** Frees a lock that stands as it was seen; false where it has changed since. */
  release(service: string, seen: Held): Promise<boolean>;
}

export const lockReleaser: Port<LockReleaser> = {
  grants: [{ sid: 'ReleaseLock', actions: ['dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async release(service, { holder, execution, fence }) {
        const { update, onlyIf, values } = releasing(holder, execution);
        const change = { update, onlyIf: `${onlyIf} AND fence = :fence`, values: { ...values, fence } };
        return (await changeLock(db, table, service, change)).done;
      },
    };
  },
};
