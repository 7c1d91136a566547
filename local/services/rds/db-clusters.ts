import { rm } from 'node:fs/promises';
import type { Tag } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import { type Backup, restore } from '../../postgres/backup';
import {
  type Cluster,
  type ClusterParts,
  createCluster,
  startCluster,
  stopCluster,
} from '../../postgres/cluster';
import { createMaster, knowAurora } from '../../postgres/superuser';
import { freePort } from '../../processes/ports';
import type { Emit } from '../../service';
import type { DbClusterRecord, DbClusterSettings } from './db-cluster-records';
import { dbClusterEvent } from './events';
import { dbClusterExists, dbClusterNotFound, dbClusterState } from './faults';
import { nameOf, resourceId } from './identifiers';
import type { Instances } from './instances';
import { transition } from './transition';

export interface NewDbCluster {
  identifier: string;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: DbClusterSettings;
  tags: Tag[];
}

export interface DbClustersParts {
  clock: Clock;
  emit: Emit;
  postgres: () => Promise<ClusterParts>;
  instances: Instances;
}

/** The Aurora DB clusters. Their volume is a data directory that the writer's server works on; without one nothing runs. */
export function createDbClusters({ clock, emit, postgres, instances }: DbClustersParts) {
  const records = new Map<string, DbClusterRecord>();

  function find(identifier: string | undefined): DbClusterRecord {
    const record = records.get(nameOf(identifier));
    if (record === undefined) throw dbClusterNotFound(nameOf(identifier));
    return record;
  }

  function available(identifier: string | undefined): DbClusterRecord {
    const record = find(identifier);
    if (record.status === 'available') return record;
    throw dbClusterState(
      `DB Cluster ${record.identifier} is not currently in the available state; its state is ${record.status}.`,
    );
  }

  const changing = (record: DbClusterRecord, during: string, after: string, work: () => Promise<void>) =>
    transition(record, { during, after, failed: () => {} }, work);

  function add(
    cluster: NewDbCluster,
    make: (record: DbClusterRecord, parts: ClusterParts) => Promise<Cluster>,
  ) {
    if (records.has(cluster.identifier)) throw dbClusterExists();
    const record: DbClusterRecord = {
      ...cluster,
      resourceId: resourceId('cluster'),
      status: 'creating',
      createdAt: new Date(clock.now()),
      work: Promise.resolve(),
    };
    records.set(record.identifier, record);
    const created = changing(record, 'creating', 'available', async () => {
      record.volume = await make(record, await postgres());
      emit(dbClusterEvent(record, 'RDS-EVENT-0170', 'creation', 'DB cluster created'));
    });
    return { record, created };
  }

  const membersOf = (record: DbClusterRecord) =>
    [...instances.records.values()]
      .filter(({ member }) => member?.of === record)
      .sort((one, other) => (one.identifier < other.identifier ? -1 : 1));

  return {
    records,
    find,
    available,
    changing,
    membersOf,
    writerOf: (record: DbClusterRecord) => membersOf(record).find(({ member }) => member!.isWriter),

    /** A new cluster with an empty database; `created` settles when it is available or has failed. */
    create: (cluster: NewDbCluster) =>
      add(cluster, async ({ masterUser: user, masterPassword: password, databaseName: database }, parts) => {
        const volume = await createCluster(parts, await instances.newDirectory(parts));
        await startCluster(parts, volume, {});
        await knowAurora(volume);
        await createMaster(volume, { user, password, database });
        await stopCluster(parts, volume);
        return volume;
      }),

    /** A new cluster with the content of a backup: the passwords are those of then. */
    restore: (cluster: NewDbCluster, backup: Backup) =>
      add(cluster, async (_, parts) => ({
        ...(await restore(parts, backup, await instances.newDirectory(parts))),
        port: await freePort(),
      })),

    remove: (record: DbClusterRecord) =>
      changing(record, 'deleting', 'deleted', async () => {
        if (record.volume) await rm(record.volume.directory, { recursive: true, force: true });
        records.delete(record.identifier);
        emit(dbClusterEvent(record, 'RDS-EVENT-0171', 'deletion', 'DB cluster deleted'));
      }),
  };
}

export type DbClusters = ReturnType<typeof createDbClusters>;
