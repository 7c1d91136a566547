import { RDSClient } from '@aws-sdk/client-rds';
import type { Left } from '../domain/database/restored-settings';
import { restoredName } from '../domain/deployment/names';
import type { DatabaseSeen } from '../domain/doctor/database';
import type { RdsDatabase } from '../domain/settings/database';
import type { Grant, Port } from '../domain/step/port';
import type { DatabaseState, Reader, Restore } from './rds';
import {
  clusterSeen,
  clusterState,
  finishCluster,
  keepCluster,
  readersOf,
  restoreCluster,
} from './rds-clusters';
import { instanceSeen, instanceState, keepInstance, restoreInstance } from './rds-instances';

export interface DatabaseReader {
  state(database: RdsDatabase): Promise<DatabaseState>;
}
export interface ReaderFinder {
  /** The readers of an Aurora cluster; an instance has none here. */
  of(database: RdsDatabase): Promise<Reader[]>;
}
export interface DatabaseExaminer {
  /** Undefined where there is none of this name. */
  of(database: RdsDatabase): Promise<DatabaseSeen | undefined>;
}
export interface DatabaseRestorer {
  /** Restores a snapshot into a new database and answers with its name; asking again is harmless. */
  restore(wanted: Restore): Promise<string>;
}
export interface RestoreFinisher {
  /**
   * How far a restore is. Makes what could not be made before: the instances of a cluster, one like each of the source's. Asking
   * again is harmless.
   */
  finish(restored: RdsDatabase, like: string, deployment: string): Promise<DatabaseState>;
}
export interface DatabaseKeeper {
  /**
   * Sets on a restored database what a restore has left at RDS's defaults as it is on the one whose place it takes. Answers
   * with what stays missing and why; asking again is harmless.
   */
  keep(restored: RdsDatabase, like: string): Promise<Left[]>;
}

const readInstances: Grant = {
  sid: 'ReadDatabases',
  actions: ['rds:DescribeDBInstances'],
  on: ['databases'],
};
const readClusters: Grant = {
  sid: 'ReadClusters',
  actions: ['rds:DescribeDBClusters'],
  on: ['databaseClusters'],
};
const readMembers: Grant = {
  sid: 'ReadMembers',
  actions: ['rds:DescribeDBInstances'],
  on: ['clusterMembers'],
};

export const databaseReader: Port<DatabaseReader> = {
  grants: [readInstances, readClusters],
  open() {
    const rds = new RDSClient({});
    return {
      state: ({ kind, name }) => (kind === 'cluster' ? clusterState(rds, name) : instanceState(rds, name)),
    };
  },
};

export const readerFinder: Port<ReaderFinder> = {
  grants: [readClusters, readMembers],
  open() {
    const rds = new RDSClient({});
    return { of: async ({ kind, name }) => (kind === 'cluster' ? readersOf(rds, name) : []) };
  },
};

export const databaseExaminer: Port<DatabaseExaminer> = {
  grants: [readInstances, readClusters, readMembers],
  open() {
    const rds = new RDSClient({});
    return {
      of: ({ kind, name }) => (kind === 'cluster' ? clusterSeen(rds, name) : instanceSeen(rds, name)),
    };
  },
};

export const databaseRestorer: Port<DatabaseRestorer> = {
  grants: [
    readInstances,
    {
      sid: 'RestoreSnapshots',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
      on: ['restored', 'snapshots', 'databaseGroups'],
    },
    { sid: 'TagRestored', actions: ['rds:AddTagsToResource'], on: ['restored'] },
    readClusters,
    {
      sid: 'RestoreClusters',
      actions: ['rds:RestoreDBClusterFromSnapshot'],
      on: ['restoredClusters', 'clusterSnapshots', 'clusterGroups'],
    },
    { sid: 'TagRestoredClusters', actions: ['rds:AddTagsToResource'], on: ['restoredClusters'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async restore(wanted) {
        const { original, deployment } = wanted;
        const name = restoredName(original.name, deployment);
        if (original.kind === 'cluster') await restoreCluster(rds, name, wanted);
        else await restoreInstance(rds, name, wanted);
        return name;
      },
    };
  },
};

/** RDS may not show yet what it has begun to restore; one that never comes meets the restore's deadline. */
async function orOnItsWay(look: () => Promise<DatabaseState>): Promise<DatabaseState> {
  try {
    return await look();
  } catch (error) {
    const { name, message } = error as Error;
    if (!/^DB(Instance|Cluster)NotFoundFault$/.test(name)) throw error;
    return { status: 'creating', free: false, detail: message, address: null };
  }
}

export const restoreFinisher: Port<RestoreFinisher> = {
  grants: [
    readInstances,
    readClusters,
    readMembers,
    {
      sid: 'CreateMembers',
      actions: ['rds:CreateDBInstance'],
      on: ['restoredMembers', 'restoredClusters', 'memberGroups'],
    },
    { sid: 'TagMembers', actions: ['rds:AddTagsToResource'], on: ['restoredMembers'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      finish: ({ kind, name }, like, deployment) =>
        orOnItsWay(() =>
          kind === 'cluster' ? finishCluster(rds, name, like, deployment) : instanceState(rds, name),
        ),
    };
  },
};

export const databaseKeeper: Port<DatabaseKeeper> = {
  grants: [
    readInstances,
    {
      sid: 'KeepSettings',
      actions: ['rds:ModifyDBInstance', 'rds:AddRoleToDBInstance'],
      on: ['restored'],
    },
    readClusters,
    readMembers,
    {
      sid: 'KeepClusterSettings',
      actions: ['rds:ModifyDBCluster', 'rds:AddRoleToDBCluster'],
      on: ['restoredClusters'],
    },
    { sid: 'KeepMemberSettings', actions: ['rds:ModifyDBInstance'], on: ['restoredMembers'] },
    {
      sid: 'PassDatabaseRoles',
      actions: ['iam:PassRole'],
      on: ['databaseRoles'],
      // its features' and its monitoring's
      when: { operator: 'StringLike', key: 'iam:PassedToService', text: '*rds.amazonaws.com' },
    },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      keep: ({ kind, name }, like) =>
        kind === 'cluster' ? keepCluster(rds, name, like) : keepInstance(rds, name, like),
    };
  },
};
