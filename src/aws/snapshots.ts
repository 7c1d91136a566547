import {
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBSnapshots,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { OwnSnapshot } from '../domain/database/snapshot-retention';
import { TransientFault } from '../domain/step/errors';
import type { Port } from '../domain/step/port';

/** The snapshot that belongs to a deployment. */
export interface SnapshotState {
  status: 'creating' | 'available' | 'failed';
  /** 0..100. */
  progress: number;
  detail: string;
}
export interface SnapshotReader {
  state(snapshot: string): Promise<SnapshotState>;
}
export interface SnapshotTaker {
  /** Asking again for the same deployment's snapshot is harmless; another deployment's name is an error. */
  take(snapshot: string, instance: string, deployment: string): Promise<void>;
}

export interface SnapshotShelf {
  /** The snapshots of an instance that deployments have taken; others' are not shown. */
  own(instance: string): Promise<OwnSnapshot[]>;
  /** Deleting one that is gone is harmless. */
  remove(snapshot: string): Promise<void>;
}

/** The tag that makes a snapshot a deployment's own. */
const MARK = 'greenlight:deployment';

/** Amazon RDS User Guide, "Viewing snapshot status"; anything else is on its way. */
const FAILED = ['failed', 'deleted', 'deleting', 'incompatible-restore', 'incompatible-parameters'];

export const snapshotReader: Port<SnapshotReader> = {
  grants: [{ sid: 'ReadSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['snapshots'] }],
  open() {
    const rds = new RDSClient({});
    return {
      async state(snapshot) {
        const { DBSnapshots } = await rds.send(
          new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: snapshot }),
        );
        const found = DBSnapshots?.[0];
        const status = found?.Status ?? 'unknown';
        return {
          status: status === 'available' ? 'available' : FAILED.includes(status) ? 'failed' : 'creating',
          progress: found?.PercentProgress ?? 0,
          detail: `snapshot ${snapshot} is ${status}`,
        };
      },
    };
  },
};

export const snapshotTaker: Port<SnapshotTaker> = {
  grants: [
    {
      sid: 'TakeSnapshots',
      actions: ['rds:CreateDBSnapshot', 'rds:AddTagsToResource'],
      on: ['databases', 'snapshots'],
    },
    { sid: 'OwnSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['snapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async take(snapshot, instance, deployment) {
        try {
          await rds.send(
            new CreateDBSnapshotCommand({
              DBSnapshotIdentifier: snapshot,
              DBInstanceIdentifier: instance,
              Tags: [{ Key: MARK, Value: deployment }],
            }),
          );
        } catch (error) {
          const { name, message } = error as Error;
          // another snapshot or a modification is under way: the instance takes ours when that is over
          if (name === 'InvalidDBInstanceStateFault') throw new TransientFault(message);
          if (name !== 'DBSnapshotAlreadyExistsFault') throw error;
          const { DBSnapshots } = await rds.send(
            new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: snapshot }),
          );
          const ours = DBSnapshots?.[0]?.TagList?.some((tag) => tag.Key === MARK && tag.Value === deployment);
          if (!ours || DBSnapshots?.[0]?.DBInstanceIdentifier !== instance) throw error;
        }
      },
    };
  },
};

export const snapshotShelf: Port<SnapshotShelf> = {
  grants: [
    { sid: 'ListSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['databases'] },
    // by name: nobody else's snapshot begins like ours
    { sid: 'RemoveSnapshots', actions: ['rds:DeleteDBSnapshot'], on: ['snapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async own(instance) {
        const found: OwnSnapshot[] = [];
        const pages = paginateDescribeDBSnapshots(
          { client: rds },
          { DBInstanceIdentifier: instance, SnapshotType: 'manual' },
        );
        for await (const { DBSnapshots = [] } of pages)
          for (const { DBSnapshotIdentifier, TagList, SnapshotCreateTime, Status } of DBSnapshots) {
            const deployment = TagList?.find(({ Key }) => Key === MARK)?.Value;
            if (deployment === undefined || !SnapshotCreateTime) continue;
            found.push({
              name: DBSnapshotIdentifier ?? '',
              deployment,
              createdAt: SnapshotCreateTime,
              available: Status === 'available',
            });
          }
        return found;
      },
      async remove(snapshot) {
        try {
          await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: snapshot }));
        } catch (error) {
          if ((error as Error).name !== 'DBSnapshotNotFoundFault') throw error;
        }
      },
    };
  },
};
