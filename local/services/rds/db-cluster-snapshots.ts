import { join } from 'node:path';
import type { Tag } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import { backUp, backupPercent, removeBackup } from '../../postgres/backup';
import type { ClusterParts } from '../../postgres/cluster';
import type { Emit } from '../../service';
import type { DbClusterRecord, DbClusterSnapshotRecord } from './db-cluster-records';
import type { DbClusters } from './db-clusters';
import { dbClusterSnapshotEvent } from './events';
import {
  dbClusterSnapshotExists,
  dbClusterSnapshotNotFound,
  dbClusterSnapshotState,
  dbClusterState,
} from './faults';
import { nameOf } from './identifiers';

export interface DbClusterSnapshotsParts {
  clock: Clock;
  emit: Emit;
  postgres: () => Promise<ClusterParts>;
  dbClusters: DbClusters;
}

/** The manual snapshots of DB clusters: physical backups of the volume, taken from the writer's server. */
export function createDbClusterSnapshots({ clock, emit, postgres, dbClusters }: DbClusterSnapshotsParts) {
  const records = new Map<string, DbClusterSnapshotRecord>();
  let backups = 0;

  function find(identifier: string | undefined): DbClusterSnapshotRecord {
    const record = records.get(nameOf(identifier));
    if (record === undefined) throw dbClusterSnapshotNotFound(nameOf(identifier));
    return record;
  }

  async function complete(record: DbClusterSnapshotRecord) {
    try {
      const parts = await postgres();
      const directory = join(await parts.processes.directory('cluster-snapshots'), String(++backups));
      record.backup = await backUp(parts, record.source.volume!, directory);
      record.status = 'available';
      record.percent = 100;
      emit(dbClusterSnapshotEvent(record, 'RDS-EVENT-0075', 'Manual cluster snapshot created'));
    } catch {
      record.status = 'failed';
    }
  }

  return {
    records,
    find,

    requireNew(identifier: string) {
      if (records.has(identifier)) throw dbClusterSnapshotExists(identifier);
    },

    /** Begins a snapshot of an available cluster, which shows `backing-up` meanwhile. */
    create(identifier: string, source: DbClusterRecord, tags: Tag[]): DbClusterSnapshotRecord {
      if (dbClusters.writerOf(source)?.cluster?.server === undefined)
        throw dbClusterState(
          `DB Cluster ${source.identifier} has no instance that runs, and the local cloud takes a snapshot from one`,
        );
      const { engineVersion, masterUser, masterPassword, databaseName } = source;
      const record: DbClusterSnapshotRecord = {
        ...{ identifier, source, engineVersion, masterUser, masterPassword, databaseName },
        status: 'creating',
        percent: 0,
        createdAt: new Date(clock.now()),
        sourceIdentifier: source.identifier,
        settings: { ...source.settings },
        tags: source.settings.copyTagsToSnapshot ? [...source.tags, ...tags] : tags,
      };
      records.set(identifier, record);
      emit(dbClusterSnapshotEvent(record, 'RDS-EVENT-0074', 'Creating manual cluster snapshot'));
      dbClusters.changing(source, 'backing-up', 'available', () => complete(record)).catch(() => {});
      return record;
    },

    /** Asks the writer how far the backup is. */
    async refresh(record: DbClusterSnapshotRecord) {
      const { volume } = record.source;
      if (record.status !== 'creating' || volume === undefined) return;
      const percent = await backupPercent(volume).catch(() => record.percent);
      if (record.status === 'creating') record.percent = Math.max(record.percent, percent);
    },

    async remove(record: DbClusterSnapshotRecord) {
      if (record.status === 'creating')
        throw dbClusterSnapshotState(
          `Cannot delete the cluster snapshot because it is in the ${record.status} state.`,
        );
      records.delete(record.identifier);
      if (record.backup) await removeBackup(record.backup);
    },
  };
}

export type DbClusterSnapshots = ReturnType<typeof createDbClusterSnapshots>;
