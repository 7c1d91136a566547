import type { RDS } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import type { Binaries } from '../../postgres/binaries';
import type { Operations } from '../../service';
import { type DbClusterRecord, describeDbCluster, describeDbClusterSnapshot } from './db-cluster-records';
import { modifiedClusterSettings, restoredClusterSettings } from './db-cluster-settings';
import type { DbClusterSnapshots } from './db-cluster-snapshots';
import type { DbClusters } from './db-clusters';
import { engineVersion, requireEngine } from './engine';
import { dbClusterRoleExists, dbClusterSnapshotState, dbClusterState, invalidCombination } from './faults';
import { DB_CLUSTER_FILTERS, DB_CLUSTER_SNAPSHOT_FILTERS, filterOf } from './filters';
import { dbClusterIdentifier, dbClusterSnapshotIdentifier, nameOf } from './identifiers';
import { page } from './page';
import type { ParameterGroups } from './parameter-groups';
import type { SubnetGroups } from './subnet-groups';

export interface DbClusterOperationsParts {
  clock: Clock;
  dbClusters: DbClusters;
  dbClusterSnapshots: DbClusterSnapshots;
  dbClusterParameterGroups: ParameterGroups;
  subnetGroups: SubnetGroups;
  binaries: () => Promise<Binaries>;
}

/** Aurora's part of the API: DB clusters and their snapshots. */
export function createDbClusterOperations(parts: DbClusterOperationsParts): Operations<RDS> {
  const { clock, dbClusters, dbClusterSnapshots, dbClusterParameterGroups, subnetGroups, binaries } = parts;
  const described = (record: DbClusterRecord) =>
    describeDbCluster(
      record,
      dbClusters.membersOf(record).map(({ identifier, member }) => ({ identifier, ...member! })),
      clock.now(),
    );

  return {
    DescribeDBClusters: (input) => {
      const all = input.DBClusterIdentifier
        ? [dbClusters.find(input.DBClusterIdentifier)]
        : [...dbClusters.records.values()].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
      const { items, marker } = page(all.filter(filterOf(DB_CLUSTER_FILTERS, input.Filters)), input);
      return { DBClusters: items.map(described), Marker: marker };
    },

    /** Makes the cluster alone: nothing runs on it until an instance is created in it. */
    RestoreDBClusterFromSnapshot: async (input) => {
      const snapshot = dbClusterSnapshots.find(input.SnapshotIdentifier);
      if (snapshot.status !== 'available' || snapshot.backup === undefined)
        throw dbClusterSnapshotState(
          `The cluster snapshot ${snapshot.identifier} is not available; its state is ${snapshot.status}.`,
        );
      requireEngine(input.Engine, 'aurora-postgresql');
      const installed = await binaries();
      const settings = restoredClusterSettings(input, snapshot.settings, installed.major);
      dbClusterParameterGroups.parametersOf(settings.parameterGroup);
      subnetGroups.check(settings.subnetGroup);
      const { masterUser, masterPassword } = snapshot;
      const { record, created } = dbClusters.restore(
        {
          identifier: dbClusterIdentifier(input.DBClusterIdentifier),
          engineVersion: engineVersion(input.EngineVersion, installed),
          ...{ masterUser, masterPassword, settings },
          databaseName: input.DatabaseName ?? snapshot.databaseName,
          tags: input.Tags ?? [],
        },
        snapshot.backup,
      );
      created.catch(() => {});
      return { DBCluster: described(record) };
    },

    ModifyDBCluster: (input) => {
      const record = dbClusters.available(input.DBClusterIdentifier);
      const settings = modifiedClusterSettings(input, record.settings);
      dbClusterParameterGroups.parametersOf(settings.parameterGroup);
      record.settings = settings;
      return { DBCluster: described(record) };
    },

    AddRoleToDBCluster: ({ DBClusterIdentifier, RoleArn = '', FeatureName = '' }) => {
      const { settings } = dbClusters.available(DBClusterIdentifier);
      if (settings.roles.some((role) => role.FeatureName === FeatureName))
        throw dbClusterRoleExists(FeatureName);
      settings.roles = [...settings.roles, { RoleArn, FeatureName }];
      return {};
    },

    DeleteDBCluster: ({ DBClusterIdentifier, SkipFinalSnapshot }) => {
      const record = dbClusters.find(DBClusterIdentifier);
      if (record.settings.deletionProtection)
        throw invalidCombination(
          'Cannot delete protected Cluster, please disable deletion protection and try again.',
        );
      if (!SkipFinalSnapshot)
        throw invalidCombination(
          'FinalDBSnapshotIdentifier is not supported by the local cloud; take a snapshot first and set SkipFinalSnapshot',
        );
      if (dbClusters.membersOf(record).length > 0)
        throw dbClusterState(
          'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
        );
      if (record.status !== 'failed') dbClusters.available(record.identifier);
      dbClusters.remove(record).catch(() => {});
      return { DBCluster: described(record) };
    },

    /** Answers at once; the backup goes on and DescribeDBClusterSnapshots tells how far it is. */
    CreateDBClusterSnapshot: ({ DBClusterSnapshotIdentifier, DBClusterIdentifier, Tags = [] }) => {
      const identifier = dbClusterSnapshotIdentifier(DBClusterSnapshotIdentifier);
      // before the cluster's state: a repeated call finds it backing up because of the first one
      dbClusterSnapshots.requireNew(identifier);
      const source = dbClusters.available(DBClusterIdentifier);
      return {
        DBClusterSnapshot: describeDbClusterSnapshot(dbClusterSnapshots.create(identifier, source, Tags)),
      };
    },

    DescribeDBClusterSnapshots: async (input) => {
      const all = input.DBClusterSnapshotIdentifier
        ? [dbClusterSnapshots.find(input.DBClusterSnapshotIdentifier)]
        : [...dbClusterSnapshots.records.values()];
      const source = input.DBClusterIdentifier && nameOf(input.DBClusterIdentifier);
      const found = all
        .filter((record) => source === undefined || record.sourceIdentifier === source)
        .filter(() => input.SnapshotType === undefined || input.SnapshotType === 'manual')
        .filter(filterOf(DB_CLUSTER_SNAPSHOT_FILTERS, input.Filters));
      await Promise.all(found.map((record) => dbClusterSnapshots.refresh(record)));
      const { items, marker } = page(found, input);
      return { DBClusterSnapshots: items.map(describeDbClusterSnapshot), Marker: marker };
    },

    DeleteDBClusterSnapshot: async ({ DBClusterSnapshotIdentifier }) => {
      const record = dbClusterSnapshots.find(DBClusterSnapshotIdentifier);
      await dbClusterSnapshots.remove(record);
      return { DBClusterSnapshot: { ...describeDbClusterSnapshot(record), Status: 'deleted' } };
    },
  };
}
