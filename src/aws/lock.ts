import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { deploymentOf } from '../domain/lock/busy';
import { LockLost, Superseded } from '../domain/step/errors';
import type { Port } from '../domain/step/port';
import { changeLock, type Held, readLock, releasing, seconds } from './lock-row';

/** One deployment at a time per service. */
export interface Lock {
  /**
   * Takes a free lock; one that is already ours answers as the first time did. A lock whose lease has ended is not free:
   * what its deployment left half-way has to be driven to an end first.
   */
  acquire(service: string, who: LockHolder, now: Date, leaseSeconds: number): Promise<Acquired>;
  /** Asks the holder to give way to a newer deployment, which it does unless users may have seen its version. */
  supersede(service: string, holder: string, by: LockHolder): Promise<boolean>;
  /** Only the execution that drives the deployment frees its lock. */
  release(service: string, holder: string, execution: string): Promise<void>;
}
export type LockHolder = Pick<Held, 'holder' | 'execution' | 'stamp'>;
export type Acquired = { acquired: true; fence: number } | { acquired: false; held: Held };

/** What a step is about to do with the lock: see `Step.fence`. */
export type FenceMode = 'renew' | 'forward' | 'commit';

export interface Fence {
  /**
   * Renews the lease. Throws LockLost unless `holder` holds the lock under this fencing number, and Superseded for a
   * step that leads forward once a newer deployment has asked for the lock.
   */
  check(
    service: string,
    holder: string,
    fence: number,
    lease: { now: Date; seconds: number; mode: FenceMode },
  ): Promise<void>;
}

export const lock: Port<Lock> = {
  grants: [{ sid: 'Lock', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});

    return {
      async acquire(service, who, now, leaseSeconds) {
        const { holder, execution, stamp } = who;
        const change = await changeLock(db, table, service, {
          update:
            'SET holder = :holder, execution = :execution, stamp = :stamp, expires = :until REMOVE moved, stuck, successor ADD fence :one',
          onlyIf: 'attribute_not_exists(holder)',
          values: { holder, execution, stamp, until: seconds(now, leaseSeconds), one: 1 },
        });
        if (change.done) return { acquired: true, fence: change.held?.fence ?? 0 };
        const held = await readLock(db, table, service);
        // free again by now: the next attempt takes it
        if (!held) return this.acquire(service, who, now, leaseSeconds);
        // our own first attempt may have been the one that won
        if (held.holder === holder && held.execution === execution)
          return { acquired: true, fence: held.fence };
        return { acquired: false, held };
      },
      async supersede(service, holder, by) {
        const { done } = await changeLock(db, table, service, {
          update: 'SET successor = :by',
          onlyIf:
            'holder = :holder AND stamp < :by AND attribute_not_exists(moved) AND (attribute_not_exists(successor) OR successor <= :by)',
          values: { holder, by: by.stamp },
        });
        return done;
      },
      async release(service, holder, execution) {
        // not ours (any more): releasing is asking for a state that already holds
        await changeLock(db, table, service, releasing(holder, execution));
      },
    };
  },
};

export const fence: Port<Fence> = {
  grants: [{ sid: 'Fence', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async check(service, holder, number, { now, seconds: lease, mode }) {
        const forward = mode === 'forward' || mode === 'commit';
        const { done } = await changeLock(db, table, service, {
          update: `SET expires = :until${mode === 'commit' ? ', moved = :yes' : ''}`,
          onlyIf: `holder = :holder AND fence = :fence${forward ? ' AND attribute_not_exists(successor)' : ''}`,
          values: {
            holder,
            fence: number,
            until: seconds(now, lease),
            yes: mode === 'commit' ? true : undefined,
          },
        });
        if (done) return;
        const held = await readLock(db, table, service);
        if (held?.holder === holder && held.fence === number && held.successor)
          throw new Superseded(
            `deployment ${holder} gives way to ${deploymentOf(held.successor)}, which was asked for later`,
          );
        throw new LockLost(
          `deployment ${holder} no longer holds the lock of ${service} under number ${number}; ${held ? `${held.holder} holds it under number ${held.fence}` : 'nobody holds it'}`,
        );
      },
    };
  },
};
