import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tag } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import { type Backup, follow, restore } from '../../postgres/backup';
import {
  type Cluster,
  type ClusterParts,
  createCluster,
  startCluster,
  stopCluster,
} from '../../postgres/cluster';
import { createMaster } from '../../postgres/superuser';
import type { Emit } from '../../service';
import { instanceEvent } from './events';
import { instanceExists, instanceNotFound, instanceState } from './faults';
import { nameOf, resourceId } from './identifiers';
import type { Pace } from './pace';
import type { InstanceRecord, Member, Settings } from './records';
import { transition as changing } from './transition';

export interface NewInstance {
  identifier: string;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: Settings;
  tags: Tag[];
  member?: Member;
}

export interface InstancesParts {
  clock: Clock;
  emit: Emit;
  /** Resolves to what a cluster is made with; the binaries are looked for at the first use. */
  postgres: () => Promise<ClusterParts>;
  parametersOf: (record: InstanceRecord) => Record<string, string>;
  pace: Pace;
}

/** Real time for the crashed server's own processes to be gone, whose shared memory would stop a new one. */
const RECOVERY_DELAY_MS = 200;

/** The database instances and what changes their state. */
export function createInstances({ clock, emit, postgres, parametersOf, pace }: InstancesParts) {
  const records = new Map<string, InstanceRecord>();
  let clusters = 0;
  let closed = false;
  const closing = new AbortController();

  /** Only shown: nothing is done meanwhile. */
  const passes = async (ms: number) => {
    if (ms > 0) await clock.sleep(ms, closing.signal).catch(() => {});
  };

  function find(identifier: string | undefined): InstanceRecord {
    const record = records.get(nameOf(identifier));
    if (record === undefined) throw instanceNotFound(nameOf(identifier));
    return record;
  }

  function available(identifier: string | undefined): InstanceRecord {
    const record = find(identifier);
    if (record.status !== 'available') throw instanceState(record.identifier, record.status);
    return record;
  }

  /** What can be backed up. Source: Amazon RDS API Reference, CreateDBSnapshot. */
  function free(identifier: string | undefined): InstanceRecord {
    const record = find(identifier);
    return record.status === 'storage-optimization' ? record : available(identifier);
  }

  const transition = (record: InstanceRecord, during: string, after: string, work: () => Promise<void>) =>
    changing(
      record,
      {
        ...{ during, after },
        failed: ({ message }) => emit(instanceEvent(record, 'RDS-EVENT-0031', 'failure', message)),
      },
      work,
    );

  const start = async (record: InstanceRecord) => {
    record.cluster!.crashed = () => {
      recover(record).catch(() => {});
    };
    const { parameterGroup } = record.settings;
    await startCluster(await postgres(), record.cluster!, parametersOf(record));
    record.runsWith = parameterGroup;
  };

  /** As on RDS, a server that has crashed is started again and recovers from its log. */
  async function recover(record: InstanceRecord) {
    // a backup that was being taken fails by itself first
    await record.work;
    if (closed || record.status !== 'available' || record.cluster?.server) return;
    await transition(record, 'rebooting', 'available', async () => {
      await clock.deadline(RECOVERY_DELAY_MS);
      await start(record);
      emit(instanceEvent(record, 'RDS-EVENT-0006', 'availability', 'DB instance restarted'));
    });
  }

  const stop = async (record: InstanceRecord) => {
    if (record.cluster) await stopCluster(await postgres(), record.cluster);
  };

  function add(instance: NewInstance, make: (record: InstanceRecord, parts: ClusterParts) => Promise<void>) {
    if (records.has(instance.identifier)) throw instanceExists();
    const record: InstanceRecord = {
      ...instance,
      resourceId: resourceId(),
      status: 'creating',
      createdAt: new Date(clock.now()),
      work: Promise.resolve(),
    };
    records.set(record.identifier, record);
    const created = transition(record, 'creating', 'available', async () => {
      await passes(pace.creatingMs);
      if (closed) return;
      await make(record, await postgres());
      emit(instanceEvent(record, 'RDS-EVENT-0005', 'creation', 'DB instance created'));
      if (record.settings.backupRetentionDays > 0) await automaticBackup(record, pace.firstBackupMs);
    });
    return { record, created };
  }

  /** An automatic backup is only shown, nothing is kept of it; the first begins as soon as an instance is there. */
  async function automaticBackup(record: InstanceRecord, ms: number) {
    record.status = 'backing-up';
    emit(instanceEvent(record, 'RDS-EVENT-0001', 'backup', 'Backing up DB instance'));
    await passes(ms);
    if (closed) return;
    emit(instanceEvent(record, 'RDS-EVENT-0002', 'backup', 'Finished DB Instance backup'));
  }

  const newDirectory = async (parts: ClusterParts) =>
    join(await parts.processes.directory('databases'), String(++clusters));

  return {
    records,
    find,
    available,
    free,
    transition,
    start,
    stop,
    newDirectory,

    /** A member of a DB cluster: the first writes to its volume, the others replay what that one writes. */
    join: (instance: NewInstance & { member: Member }, writer: InstanceRecord | undefined) =>
      add(instance, async (record, parts) => {
        await writer?.work;
        record.cluster = writer
          ? await follow(parts, writer.cluster!, await newDirectory(parts))
          : instance.member.of.volume!;
        await start(record);
      }),

    /** A new, empty instance; `created` settles when it is available or has failed. */
    create: (instance: NewInstance) =>
      add(instance, async (record, parts) => {
        record.cluster = await createCluster(parts, await newDirectory(parts));
        await start(record);
        await createMaster(record.cluster, {
          user: record.masterUser,
          password: record.masterPassword,
          database: record.databaseName,
        });
      }),

    /** A new instance with the content of a backup: the passwords are those of then. */
    restore: (instance: NewInstance, backup: Backup) =>
      add(instance, async (record, parts) => {
        const cluster: Cluster = await restore(parts, backup, await newDirectory(parts));
        record.cluster = cluster;
        record.lazy = { from: clock.now(), to: clock.now() + pace.initialisingMs };
        await start(record);
      }),

    /** Shows that the instance was changed, and what RDS does to a volume that has grown. */
    showModified(record: InstanceRecord, hasGrown: boolean) {
      const { modifyingMs, optimisingMs } = pace;
      if (modifyingMs === 0) return;
      const shown = transition(record, 'modifying', 'available', () => passes(modifyingMs));
      if (!hasGrown) return;
      shown
        .then(() => {
          record.status = 'storage-optimization';
          return passes(optimisingMs);
        })
        .then(() => {
          if (record.status === 'storage-optimization') record.status = 'available';
        });
    },

    /** The backup of the day, for so much cloud time. */
    backUp: (record: InstanceRecord, ms: number) =>
      transition(record, 'backing-up', 'available', () => automaticBackup(record, ms)),

    /** Stops every server; none is started again. */
    async close() {
      closed = true;
      closing.abort();
      await Promise.all([...records.values()].map(stop));
    },

    rename(record: InstanceRecord, identifier: string) {
      if (identifier === record.identifier) return;
      if (records.has(identifier)) throw instanceExists();
      records.delete(record.identifier);
      record.identifier = identifier;
      records.set(identifier, record);
    },

    /** Stops the server and forgets the instance with its data. */
    remove: (record: InstanceRecord) =>
      transition(record, 'deleting', 'deleted', async () => {
        await stop(record);
        // the volume is the DB cluster's
        const own = record.cluster !== record.member?.of.volume;
        if (record.cluster && own) await rm(record.cluster.directory, { recursive: true, force: true });
        records.delete(record.identifier);
        emit(instanceEvent(record, 'RDS-EVENT-0003', 'deletion', 'DB instance deleted'));
      }),
  };
}

export type Instances = ReturnType<typeof createInstances>;
