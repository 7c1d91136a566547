import { join } from 'node:path';
import type { Tag } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import { backUp, backupPercent, removeBackup } from '../../postgres/backup';
import type { ClusterParts } from '../../postgres/cluster';
import type { Emit } from '../../service';
import { snapshotEvent } from './events';
import { snapshotExists, snapshotNotFound, snapshotState } from './faults';
import { nameOf } from './identifiers';
import type { Instances } from './instances';
import type { InstanceRecord, SnapshotRecord } from './records';

export interface SnapshotsParts {
  clock: Clock;
  emit: Emit;
  postgres: () => Promise<ClusterParts>;
  instances: Instances;
}

/** The manual snapshots: physical backups taken from the running server. */
export function createSnapshots({ clock, emit, postgres, instances }: SnapshotsParts) {
  const records = new Map<string, SnapshotRecord>();
  let backups = 0;

  function find(identifier: string | undefined): SnapshotRecord {
    const record = records.get(nameOf(identifier));
    if (record === undefined) throw snapshotNotFound(nameOf(identifier));
    return record;
  }

  async function take(record: SnapshotRecord) {
    const parts = await postgres();
    const directory = join(await parts.processes.directory('snapshots'), String(++backups));
    record.backup = await backUp(parts, record.source.cluster!, directory);
  }

  /** Settles the snapshot; the instance is usable again either way, so this never rejects. */
  async function complete(record: SnapshotRecord) {
    try {
      await take(record);
      record.status = 'available';
      record.percent = 100;
      emit(snapshotEvent(record, 'RDS-EVENT-0042', 'creation', 'Manual snapshot created'));
    } catch {
      // RDS has no event for it: who waits for a snapshot has to look at its status
      record.status = 'failed';
    }
  }

  return {
    records,
    find,

    requireNew(identifier: string) {
      if (records.has(identifier)) throw snapshotExists(identifier);
    },

    /** Begins a snapshot of an available instance, which shows `backing-up` meanwhile. */
    create(identifier: string, source: InstanceRecord, tags: Tag[]): SnapshotRecord {
      const { engineVersion, masterUser, masterPassword, databaseName } = source;
      const record: SnapshotRecord = {
        ...{ identifier, source, engineVersion, masterUser, masterPassword, databaseName },
        status: 'creating',
        percent: 0,
        createdAt: new Date(clock.now()),
        sourceIdentifier: source.identifier,
        settings: { ...source.settings },
        tags: source.settings.copyTagsToSnapshot ? [...source.tags, ...tags] : tags,
      };
      records.set(identifier, record);
      emit(snapshotEvent(record, 'RDS-EVENT-0040', 'creation', 'Creating manual snapshot'));
      instances.transition(source, 'backing-up', 'available', () => complete(record)).catch(() => {});
      return record;
    },

    /** Asks the server how far the backup is. */
    async refresh(record: SnapshotRecord) {
      const { cluster } = record.source;
      if (record.status !== 'creating' || cluster === undefined) return;
      const percent = await backupPercent(cluster).catch(() => record.percent);
      if (record.status === 'creating') record.percent = Math.max(record.percent, percent);
    },

    async remove(record: SnapshotRecord) {
      if (record.status === 'creating') {
        throw snapshotState(`Cannot delete the snapshot because it is in the ${record.status} state.`);
      }
      records.delete(record.identifier);
      if (record.backup) await removeBackup(record.backup);
      emit(snapshotEvent(record, 'RDS-EVENT-0041', 'deletion', 'Deleted user snapshot'));
    },
  };
}

export type Snapshots = ReturnType<typeof createSnapshots>;
