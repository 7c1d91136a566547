import type { ChildProcess } from 'node:child_process';
import type { RDS } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import { type Binaries, findBinaries } from '../../postgres/binaries';
import type { Certificates } from '../../postgres/certificates';
import type { Processes } from '../../processes';
import type { Databases, Emit, Operations, Service } from '../../service';
import { createDbClusterOperations } from './db-cluster-operations';
import { createDbClusterResources, dbClusterResource } from './db-cluster-resources';
import { createDbClusterSnapshots } from './db-cluster-snapshots';
import { createDbClusters } from './db-clusters';
import { dbClusterParameterGroupNotFound } from './faults';
import { createInstanceOperations } from './instance-operations';
import { createInstances } from './instances';
import { createMembers } from './members';
import { AT_ONCE, type Pace } from './pace';
import { createParameterGroups } from './parameter-groups';
import type { InstanceRecord } from './records';
import { createResources, resourceOf } from './resources';
import { createSnapshotOperations } from './snapshot-operations';
import { createSnapshots } from './snapshots';
import { createStackChanges } from './stack-changes';
import { createSubnetGroups } from './subnet-groups';
import { mergeTags, removeTags, tagged, tagsByKey } from './tags';

export interface RdsParts {
  clock: Clock;
  emit: Emit;
  processes: Processes;
  certificates: Certificates;
  /** @default nothing takes longer than its work, but the first backup */
  pace?: Pace;
}

export interface Rds extends Service, Databases {
  /** The server process of an instance, for tests and faults; undefined when it does not run. */
  serverOf(identifier: string): ChildProcess | undefined;
  /** Takes the backup of the day of an available instance, for so much cloud time; resolves when it is over. */
  backUp(identifier: string, ms: number): Promise<void>;
  readonly pace: Pace;
}

const engineRefusal = (engine: unknown, only: string) =>
  engine === only ? undefined : `the engine ${engine} is not available; use ${only}`;

/**
 * RDS for PostgreSQL: every instance is a real server on a loopback port, every snapshot a physical backup taken
 * while it runs. Operations answer at once with the transient state, as on AWS.
 */
export function createRds({ clock, emit, processes, certificates, ...options }: RdsParts): Rds {
  let found: Promise<Binaries> | undefined;
  const binaries = () => {
    found ??= findBinaries(processes.workDir);
    return found;
  };
  const postgres = async () => ({ processes, certificates, binaries: await binaries() });
  const parameterGroups = createParameterGroups();
  const subnetGroups = createSubnetGroups();
  const pace = { ...(options.pace ?? AT_ONCE) };
  const dbClusterParameterGroups = createParameterGroups(dbClusterParameterGroupNotFound);
  /** An instance's own go before its cluster's. Source: Amazon Aurora User Guide, "Parameter groups for Amazon Aurora". */
  const parametersOf = ({ settings, member }: InstanceRecord) => ({
    ...(member ? dbClusterParameterGroups.parametersOf(member.of.settings.parameterGroup) : {}),
    ...parameterGroups.parametersOf(settings.parameterGroup),
  });
  const instances = createInstances({ clock, emit, postgres, parametersOf, pace });
  const snapshots = createSnapshots({ clock, emit, postgres, instances });

  const dbClusters = createDbClusters({ clock, emit, postgres, instances });
  const dbClusterSnapshots = createDbClusterSnapshots({ clock, emit, postgres, dbClusters });
  const createMember = createMembers({ instances, dbClusters, parameterGroups });
  const ofClusters = { clock, dbClusters, dbClusterParameterGroups, subnetGroups, binaries };
  const { member, resources } = createDbClusterResources({ ...ofClusters, createMember });
  const all = {
    db: instances,
    snapshot: snapshots,
    cluster: dbClusters,
    'cluster-snapshot': dbClusterSnapshots,
  };

  const operations: Operations<RDS> = {
    ...createInstanceOperations({
      ...{ clock, instances, snapshots, parameterGroups, subnetGroups, postgres, createMember },
    }),
    ...createSnapshotOperations(instances, snapshots),
    ...createDbClusterOperations({ ...ofClusters, dbClusterSnapshots }),
    DescribeDBParameterGroups: ({ DBParameterGroupName }) => ({
      DBParameterGroups: parameterGroups.describe(DBParameterGroupName),
    }),
    AddTagsToResource: ({ ResourceName, Tags = [] }) => {
      mergeTags(tagged(ResourceName, all).tags, Tags);
      return {};
    },
    RemoveTagsFromResource: ({ ResourceName, TagKeys = [] }) => {
      removeTags(tagged(ResourceName, all).tags, TagKeys);
      return {};
    },
    ListTagsForResource: ({ ResourceName }) => ({ TagList: tagged(ResourceName, all).tags }),
  };

  const made = {
    ...createResources({ member, instances, parameterGroups, subnetGroups, binaries }),
    ...resources,
  };
  const changes = createStackChanges(operations, {
    clock,
    instance: {
      statusOf: (ref) => instances.records.get(ref)?.status,
      resourceOf: (ref) => resourceOf(instances.find(ref)),
      isMember: (ref) => instances.find(ref).member !== undefined,
    },
    cluster: {
      statusOf: (ref) => dbClusters.records.get(ref)?.status,
      resourceOf: (ref) => dbClusterResource(dbClusters.find(ref)),
    },
  });
  /** Groups are what their template says; servers that run follow new parameters from their next start. */
  const groups = {
    'AWS::RDS::DBSubnetGroup': made['AWS::RDS::DBSubnetGroup'],
    'AWS::RDS::DBParameterGroup': made['AWS::RDS::DBParameterGroup'],
    'AWS::RDS::DBClusterParameterGroup': made['AWS::RDS::DBClusterParameterGroup'],
  };

  return {
    signingName: 'rds',
    operations,
    resources: made,
    updates: { ...changes.updates, ...groups },
    live: {
      'AWS::RDS::DBInstance': (ref) => {
        const settings = instances.records.get(ref)?.settings;
        return (
          settings && {
            DBInstanceClass: settings.instanceClass,
            AllocatedStorage: settings.allocatedStorage,
            BackupRetentionPeriod: settings.backupRetentionDays,
            DeletionProtection: settings.deletionProtection,
            DBParameterGroupName: settings.parameterGroup,
          }
        );
      },
    },
    refusals: {
      'AWS::RDS::DBInstance': ({ Engine, DBClusterIdentifier }) =>
        DBClusterIdentifier === undefined ? engineRefusal(Engine, 'postgres') : undefined,
      'AWS::RDS::DBCluster': ({ Engine }) => engineRefusal(Engine, 'aurora-postgresql'),
    },
    removals: {
      ...changes.removals,
      'AWS::RDS::DBSubnetGroup': (ref) => void subnetGroups.delete(ref),
      'AWS::RDS::DBParameterGroup': (ref) => void parameterGroups.delete(ref),
      'AWS::RDS::DBClusterParameterGroup': (ref) => void dbClusterParameterGroups.delete(ref),
    },
    tagsOf: (resource) => tagsByKey(resource, all),
    keyOf: (resource) => {
      const [type = '', name = ''] = resource.split(':').slice(5);
      const found = type === 'db' ? instances.records.get(name) : snapshots.records.get(name);
      return found?.settings.key;
    },
    endpointOf(identifier) {
      const record = instances.records.get(identifier.toLowerCase());
      if (record?.cluster === undefined) return undefined;
      return {
        identifier: record.identifier,
        host: '127.0.0.1',
        port: record.cluster.port,
        databaseName: record.databaseName ?? 'postgres',
        engine: 'postgres',
      };
    },
    clusterEndpointOf(identifier) {
      const record = dbClusters.records.get(identifier.toLowerCase());
      if (record?.volume === undefined) return undefined;
      return {
        identifier: record.identifier,
        host: '127.0.0.1',
        port: record.volume.port,
        databaseName: record.databaseName ?? 'postgres',
        engine: 'postgres',
      };
    },
    serverOf: (identifier) => instances.records.get(identifier.toLowerCase())?.cluster?.server,
    backUp: (identifier, ms) => instances.backUp(instances.available(identifier), ms),
    pace,
    close: instances.close,
  };
}
