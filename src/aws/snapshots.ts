import {
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBSnapshots,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { OwnSnapshot } from '../domain/database/snapshot-retention';
import { snapshotEnd } from '../domain/deployment/names';
import type { Port } from '../domain/step/port';

/** The snapshot that belongs to a deployment. */
export interface SnapshotState {
  /** `missing`: RDS does not show it (yet): it is eventually consistent, and an instance that is busy takes none. */
  status: 'missing' | 'creating' | 'available' | 'failed';
  /** 0..100. */
  progress: number;
  detail: string;
}
export interface SnapshotReader {
  state(snapshot: string): Promise<SnapshotState>;
}
export interface SnapshotTaker {
  /**
   * Asking again for the same deployment's snapshot is harmless; another deployment's name is an error. Answers with why the
   * instance takes none now, where it is busy with something else; empty when the snapshot is begun.
   */
  take(snapshot: string, instance: string, deployment: string): Promise<string>;
}

export interface SnapshotShelf {
  /**
   * The snapshots of an instance that deployments of its service have taken, by their names; others' are not shown, nor those of
   * an earlier version of the workflow, which had other names and may not be removed.
   */
  own(instance: string, original: string): Promise<OwnSnapshot[]>;
  /** Deleting one that is gone is harmless. */
  remove(snapshot: string): Promise<void>;
}

/** The tag that makes a snapshot a deployment's own. */
const MARK = 'greenlight:deployment';

/** Amazon RDS User Guide, "Viewing snapshot status"; anything else is on its way. */
const FAILED = ['failed', 'deleted', 'deleting', 'incompatible-restore', 'incompatible-parameters'];

async function described(rds: RDSClient, snapshot: string): Promise<DBSnapshot | undefined> {
  try {
    const { DBSnapshots } = await rds.send(
      new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: snapshot }),
    );
    return DBSnapshots?.[0];
  } catch (error) {
    if ((error as Error).name !== 'DBSnapshotNotFoundFault') throw error;
    return undefined;
  }
}

export const snapshotReader: Port<SnapshotReader> = {
  grants: [{ sid: 'ReadSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['snapshots'] }],
  open() {
    const rds = new RDSClient({});
    return {
      async state(snapshot) {
        const found = await described(rds, snapshot);
        if (!found) return { status: 'missing', progress: 0, detail: `there is no snapshot ${snapshot}` };
        const { Status: status = 'unknown', PercentProgress: progress = 0 } = found;
        return {
          status: status === 'available' ? 'available' : FAILED.includes(status) ? 'failed' : 'creating',
          progress,
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
          if (name === 'InvalidDBInstanceStateFault') return message;
          if (name !== 'DBSnapshotAlreadyExistsFault') throw error;
          const there = await described(rds, snapshot);
          const ours = there?.TagList?.some((tag) => tag.Key === MARK && tag.Value === deployment);
          if (!ours || there?.DBInstanceIdentifier !== instance) throw error;
        }
        return '';
      },
    };
  },
};

export const snapshotShelf: Port<SnapshotShelf> = {
  grants: [
    { sid: 'ListSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['databases'] },
    // by name: nobody else's snapshot begins and ends like ours
    { sid: 'RemoveSnapshots', actions: ['rds:DeleteDBSnapshot'], on: ['snapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async own(instance, original) {
        const found: OwnSnapshot[] = [];
        const pages = paginateDescribeDBSnapshots(
          { client: rds },
          { DBInstanceIdentifier: instance, SnapshotType: 'manual' },
        );
        for await (const { DBSnapshots = [] } of pages)
          for (const { DBSnapshotIdentifier, TagList, SnapshotCreateTime, Status } of DBSnapshots) {
            const deployment = TagList?.find(({ Key }) => Key === MARK)?.Value;
            if (deployment === undefined || !SnapshotCreateTime) continue;
            if (!DBSnapshotIdentifier?.endsWith(snapshotEnd(original))) continue;
            found.push({
              name: DBSnapshotIdentifier,
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
