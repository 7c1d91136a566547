import type { CreateDBInstanceMessage, Tag } from '@aws-sdk/client-rds';
import { arn } from '../../names';
import type { Binaries } from '../../postgres/binaries';
import type { Resource, ResourceMaker } from '../../service';
import { type DbClusterRecord, type DbClusterSettings, UNSAID_OF_CLUSTER } from './db-cluster-records';
import { checkServerless, storageOf } from './db-cluster-settings';
import type { DbClusters } from './db-clusters';
import { engineVersion, requireEngine } from './engine';
import { invalidValue } from './faults';
import { dbClusterArn, dbClusterIdentifier } from './identifiers';
import type { createMembers } from './members';
import { type ParameterGroups, refuseProperties } from './parameter-groups';
import { numeric, physicalName, resourceOf, text, truth } from './resources';
import { checkInsights, checkMonitoring, checkPassword, checkRetention } from './rules';
import type { SubnetGroups } from './subnet-groups';

const UNSUPPORTED = [
  'ManageMasterUserPassword',
  'SnapshotIdentifier',
  'SourceDBClusterIdentifier',
  'GlobalClusterIdentifier',
  'ReplicationSourceIdentifier',
  'DBClusterInstanceClass',
  'ScalingConfiguration',
  'ClusterScalabilityType',
  'EnableHttpEndpoint',
  'BacktrackWindow',
  'Domain',
];

const UNSUPPORTED_OF_MEMBER = ['DBSnapshotIdentifier', 'SourceDBInstanceIdentifier', 'AssociatedRoles'];

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties
function settingsOf(properties: any, major: number): DbClusterSettings {
  const { MinCapacity, MaxCapacity } = properties.ServerlessV2ScalingConfiguration ?? {};
  return {
    parameterGroup: properties.DBClusterParameterGroupName ?? `default.aurora-postgresql${major}`,
    subnetGroup: properties.DBSubnetGroupName ?? 'default',
    securityGroups: properties.VpcSecurityGroupIds ?? [],
    iamAuthentication: truth(properties.EnableIAMDatabaseAuthentication),
    deletionProtection: truth(properties.DeletionProtection),
    copyTagsToSnapshot: truth(properties.CopyTagsToSnapshot),
    backupRetentionDays: numeric(properties.BackupRetentionPeriod) ?? 1,
    backupWindow: properties.PreferredBackupWindow ?? UNSAID_OF_CLUSTER.backupWindow,
    maintenanceWindow: properties.PreferredMaintenanceWindow ?? UNSAID_OF_CLUSTER.maintenanceWindow,
    storageEncrypted: truth(properties.StorageEncrypted),
    kmsKey: properties.KmsKeyId,
    storageType: storageOf(properties.StorageType),
    logExports: properties.EnableCloudwatchLogsExports ?? [],
    lifecycleSupport: properties.EngineLifecycleSupport ?? UNSAID_OF_CLUSTER.lifecycleSupport,
    serverless: properties.ServerlessV2ScalingConfiguration && {
      MinCapacity: numeric(MinCapacity),
      MaxCapacity: numeric(MaxCapacity),
    },
    insightsMode: properties.DatabaseInsightsMode ?? UNSAID_OF_CLUSTER.insightsMode,
    performanceInsights: truth(properties.PerformanceInsightsEnabled),
    performanceInsightsDays: numeric(properties.PerformanceInsightsRetentionPeriod),
    monitoringSeconds: numeric(properties.MonitoringInterval) ?? 0,
    monitoringRole: properties.MonitoringRoleArn,
    roles: properties.AssociatedRoles ?? [],
  };
}

export function dbClusterResource(record: DbClusterRecord): Resource {
  return {
    ref: record.identifier,
    attributes: {
      'Endpoint.Address': '127.0.0.1',
      'Endpoint.Port': String(record.volume!.port),
      'ReadEndpoint.Address': '127.0.0.1',
      DBClusterArn: dbClusterArn(record.identifier),
      DBClusterResourceId: record.resourceId,
    },
  };
}

export interface DbClusterResourcesParts {
  dbClusters: DbClusters;
  createMember: ReturnType<typeof createMembers>;
  dbClusterParameterGroups: ParameterGroups;
  subnetGroups: SubnetGroups;
  binaries: () => Promise<Binaries>;
}

export function createDbClusterResources(parts: DbClusterResourcesParts) {
  const { dbClusters, createMember, dbClusterParameterGroups, subnetGroups, binaries } = parts;

  const dbCluster: ResourceMaker = async (properties, { name }) => {
    refuseProperties('AWS::RDS::DBCluster', properties, UNSUPPORTED);
    requireEngine(properties.Engine, 'aurora-postgresql');
    const { MasterUsername, MasterUserPassword } = properties;
    if (!MasterUsername || !MasterUserPassword)
      throw invalidValue('AWS::RDS::DBCluster needs MasterUsername and MasterUserPassword');
    const installed = await binaries();
    const settings = settingsOf(properties, installed.major);
    checkRetention(settings.backupRetentionDays, 1);
    checkServerless(settings);
    checkInsights(settings);
    checkMonitoring(settings);
    checkPassword(MasterUserPassword);
    dbClusterParameterGroups.parametersOf(settings.parameterGroup);
    subnetGroups.check(settings.subnetGroup);
    const { record, created } = dbClusters.create({
      identifier: dbClusterIdentifier(properties.DBClusterIdentifier ?? physicalName(name)),
      engineVersion: engineVersion(properties.EngineVersion, installed),
      masterUser: MasterUsername,
      masterPassword: MasterUserPassword,
      databaseName: text(properties.DatabaseName),
      settings,
      tags: (properties.Tags as Tag[]) ?? [],
    });
    await created;
    return dbClusterResource(record);
  };

  const member: ResourceMaker = async (properties, { name }) => {
    refuseProperties('AWS::RDS::DBInstance with DBClusterIdentifier', properties, UNSUPPORTED_OF_MEMBER);
    const { AutoMinorVersionUpgrade, EnablePerformanceInsights, PubliclyAccessible } = properties;
    const { record, created } = createMember({
      ...(properties as CreateDBInstanceMessage),
      DBInstanceIdentifier: properties.DBInstanceIdentifier ?? physicalName(name),
      PromotionTier: numeric(properties.PromotionTier),
      AutoMinorVersionUpgrade: truth(AutoMinorVersionUpgrade, true),
      EnablePerformanceInsights: truth(EnablePerformanceInsights),
      PerformanceInsightsRetentionPeriod: numeric(properties.PerformanceInsightsRetentionPeriod),
      PubliclyAccessible: truth(PubliclyAccessible),
      MonitoringInterval: numeric(properties.MonitoringInterval),
    });
    await created;
    return resourceOf(record);
  };

  const parameterGroup: ResourceMaker = (properties, { name }) => {
    const group = (properties.DBClusterParameterGroupName ?? name).toLowerCase();
    dbClusterParameterGroups.add({
      name: group,
      family: properties.Family,
      description: properties.Description ?? '',
      parameters: Object.fromEntries(
        Object.entries(properties.Parameters ?? {}).map(([key, value]) => [key, String(value)]),
      ),
    });
    return { ref: group, attributes: { Arn: arn('rds', `cluster-pg:${group}`) } };
  };

  return {
    member,
    resources: { 'AWS::RDS::DBCluster': dbCluster, 'AWS::RDS::DBClusterParameterGroup': parameterGroup },
  };
}
