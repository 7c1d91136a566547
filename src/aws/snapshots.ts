import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBSnapshots,
  RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';
import type { OwnSnapshot } from '../domain/database/snapshot-retention';
import { isSnapshotName } from '../domain/deployment/names';
import type { RdsDatabase } from '../domain/settings/database';
import type { Port } from '../domain/step/port';
import { isOf, OWNER } from './rds';

/** The snapshot that belongs to a deployment. */
export interface SnapshotState {
  /** `missing`: RDS does not show it (yet): it is eventually consistent, and a database that is busy takes none. */
  status: 'missing' | 'creating' | 'available' | 'failed';
  /** 0..100. */
  progress: number;
  detail: string;
}
export interface SnapshotReader {
  /** @param of the database that it is of */
  state(snapshot: string, of: RdsDatabase): Promise<SnapshotState>;
}
export interface SnapshotTaker {
  /**
   * Asking again for the same deployment's snapshot is harmless; another deployment's name is an error. Answers with why the
   * database takes none now, where it is busy with something else; empty when the snapshot is begun.
   */
  take(snapshot: string, of: RdsDatabase, deployment: string): Promise<string>;
}

export interface SnapshotShelf {
  /**
   * The snapshots of a database that deployments of its service have taken, by their names; others' are not shown, nor those of
   * an earlier version of the workflow, which had other names and may not be removed.
   */
  own(of: RdsDatabase, original: RdsDatabase): Promise<OwnSnapshot[]>;
  /** Deleting one that is gone is harmless. */
  remove(snapshot: string, of: RdsDatabase): Promise<void>;
}

/** What RDS tells of a snapshot, be it of an instance or of a cluster. */
interface Seen {
  name: string;
  /** Of its instance or cluster. */
  database: string;
  status: string;
  progress: number;
  createdAt: Date | undefined;
  tags: Tag[];
}

/** The calls of RDS for the snapshots of one kind of database. */
interface Kind {
  create(rds: RDSClient, name: string, database: string, tags: Tag[]): Promise<unknown>;
  /** One page at least; a snapshot by its name, or the manual ones of a database. */
  list(rds: RDSClient, which: { name: string } | { database: string }): AsyncIterable<Seen>;
  remove(rds: RDSClient, name: string): Promise<unknown>;
  /** What RDS calls it: there is no such snapshot, there is one, the database takes none now. */
  faults: { missing: string; exists: string; busy: string };
}

const MANUAL = { SnapshotType: 'manual' } as const;

const kinds: Record<RdsDatabase['kind'], Kind> = {
  instance: {
    create: (rds, DBSnapshotIdentifier, DBInstanceIdentifier, Tags) =>
      rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier, DBInstanceIdentifier, Tags })),
    async *list(rds, which) {
      const input =
        'name' in which
          ? { DBSnapshotIdentifier: which.name }
          : { DBInstanceIdentifier: which.database, ...MANUAL };
      for await (const { DBSnapshots = [] } of paginateDescribeDBSnapshots({ client: rds }, input))
        for (const one of DBSnapshots) yield seen(one, one.DBSnapshotIdentifier, one.DBInstanceIdentifier);
    },
    remove: (rds, DBSnapshotIdentifier) => rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })),
    faults: {
      missing: 'DBSnapshotNotFoundFault',
      exists: 'DBSnapshotAlreadyExistsFault',
      busy: 'InvalidDBInstanceStateFault',
    },
  },
  cluster: {
    create: (rds, DBClusterSnapshotIdentifier, DBClusterIdentifier, Tags) =>
      rds.send(
        new CreateDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier, DBClusterIdentifier, Tags }),
      ),
    async *list(rds, which) {
      const input =
        'name' in which
          ? { DBClusterSnapshotIdentifier: which.name }
          : { DBClusterIdentifier: which.database, ...MANUAL };
      for await (const { DBClusterSnapshots = [] } of paginateDescribeDBClusterSnapshots(
        { client: rds },
        input,
      ))
        for (const one of DBClusterSnapshots)
          yield seen(one, one.DBClusterSnapshotIdentifier, one.DBClusterIdentifier);
    },
    remove: (rds, DBClusterSnapshotIdentifier) =>
      rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier })),
    faults: {
      missing: 'DBClusterSnapshotNotFoundFault',
      exists: 'DBClusterSnapshotAlreadyExistsFault',
      busy: 'InvalidDBClusterStateFault',
    },
  },
};

const seen = (
  one: { Status?: string; PercentProgress?: number; SnapshotCreateTime?: Date; TagList?: Tag[] },
  name = '',
  database = '',
): Seen => ({
  ...{ name, database },
  status: one.Status ?? 'unknown',
  progress: one.PercentProgress ?? 0,
  createdAt: one.SnapshotCreateTime,
  tags: one.TagList ?? [],
});

/** Amazon RDS User Guide, "Viewing snapshot status"; anything else is on its way. */
const FAILED = ['failed', 'deleted', 'deleting', 'incompatible-restore', 'incompatible-parameters'];

async function described(rds: RDSClient, kind: Kind, name: string): Promise<Seen | undefined> {
  try {
    for await (const found of kind.list(rds, { name })) return found;
    return undefined;
  } catch (error) {
    if ((error as Error).name !== kind.faults.missing) throw error;
    return undefined;
  }
}

export const snapshotReader: Port<SnapshotReader> = {
  grants: [
    { sid: 'ReadSnapshots', actions: ['rds:DescribeDBSnapshots'], on: ['snapshots'] },
    { sid: 'ReadClusterSnapshots', actions: ['rds:DescribeDBClusterSnapshots'], on: ['clusterSnapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async state(snapshot, of) {
        const found = await described(rds, kinds[of.kind], snapshot);
        if (!found) return { status: 'missing', progress: 0, detail: `there is no snapshot ${snapshot}` };
        const { status, progress } = found;
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
    {
      sid: 'TakeClusterSnapshots',
      actions: ['rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
      on: ['databaseClusters', 'clusterSnapshots'],
    },
    { sid: 'OwnClusterSnapshots', actions: ['rds:DescribeDBClusterSnapshots'], on: ['clusterSnapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async take(snapshot, of, deployment) {
        const kind = kinds[of.kind];
        try {
          await kind.create(rds, snapshot, of.name, [{ Key: OWNER, Value: deployment }]);
        } catch (error) {
          const { name, message } = error as Error;
          // another snapshot or a modification is under way: the database takes ours when that is over
          if (name === kind.faults.busy) return message;
          if (name !== kind.faults.exists) throw error;
          const there = await described(rds, kind, snapshot);
          if (!isOf(deployment, there?.tags) || there?.database !== of.name) throw error;
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
    {
      sid: 'ListClusterSnapshots',
      actions: ['rds:DescribeDBClusterSnapshots'],
      on: ['databaseClusters'],
    },
    { sid: 'RemoveClusterSnapshots', actions: ['rds:DeleteDBClusterSnapshot'], on: ['clusterSnapshots'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async own(of, original) {
        const found: OwnSnapshot[] = [];
        for await (const one of kinds[of.kind].list(rds, { database: of.name })) {
          const { name, createdAt, status, tags } = one;
          const deployment = tags.find(({ Key }) => Key === OWNER)?.Value;
          if (deployment === undefined || !createdAt || !isSnapshotName(name, original)) continue;
          found.push({ name, deployment, createdAt, available: status === 'available' });
        }
        return found;
      },
      async remove(snapshot, of) {
        const kind = kinds[of.kind];
        try {
          await kind.remove(rds, snapshot);
        } catch (error) {
          if ((error as Error).name !== kind.faults.missing) throw error;
        }
      },
    };
  },
};
