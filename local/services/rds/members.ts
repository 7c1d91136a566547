import type { CreateDBInstanceMessage, ModifyDBInstanceMessage } from '@aws-sdk/client-rds';
import type { DbClusters } from './db-clusters';
import { requireEngine } from './engine';
import { dbClusterState, invalidCombination, invalidValue } from './faults';
import { instanceIdentifier } from './identifiers';
import type { Instances } from './instances';
import type { ParameterGroups } from './parameter-groups';
import { type Settings, UNSAID } from './records';
import { checkMonitoring } from './rules';

/** What the cluster manages. Source: Amazon RDS API Reference, CreateDBInstance, "This setting doesn't apply to Amazon Aurora". */
const OF_THE_CLUSTER: ReadonlySet<string> = new Set<
  keyof CreateDBInstanceMessage | keyof ModifyDBInstanceMessage
>([
  'AllocatedStorage',
  'BackupRetentionPeriod',
  'CloudwatchLogsExportConfiguration',
  'DBName',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnableIAMDatabaseAuthentication',
  'EngineLifecycleSupport',
  'Iops',
  'KmsKeyId',
  'ManageMasterUserPassword',
  'MasterUserPassword',
  'MasterUsername',
  'MaxAllocatedStorage',
  'MultiAZ',
  'Port',
  'PreferredBackupWindow',
  'StorageEncrypted',
  'StorageThroughput',
  'StorageType',
  'VpcSecurityGroupIds',
]);

/** Throws InvalidParameterCombination for what is said of an instance and is its cluster's to say. */
export function refuseOfCluster(input: object): void {
  const found = Object.entries(input).filter(
    ([name, value]) => OF_THE_CLUSTER.has(name) && value !== undefined && value !== false,
  );
  if (found.length > 0)
    throw invalidCombination(
      `The DB Instance is a member of a DB Cluster. Set ${found.map(([name]) => name).join(', ')} for the DB Cluster.`,
    );
}

export interface MembersParts {
  instances: Instances;
  dbClusters: DbClusters;
  parameterGroups: ParameterGroups;
}

/** Makes instances of DB clusters: the first is the writer. Source: Amazon Aurora User Guide, "Amazon Aurora DB clusters". */
export function createMembers({ instances, dbClusters, parameterGroups }: MembersParts) {
  return (input: CreateDBInstanceMessage) => {
    if (input.DBClusterIdentifier === undefined)
      throw invalidCombination(
        'the local cloud has CreateDBInstance for members of a DB cluster only; give DBClusterIdentifier, or declare the instance in the template',
      );
    requireEngine(input.Engine, 'aurora-postgresql');
    refuseOfCluster(input);
    const cluster = dbClusters.available(input.DBClusterIdentifier);
    const { engineVersion, masterUser, masterPassword, databaseName } = cluster;
    if (input.DBInstanceClass === 'db.serverless' && !cluster.settings.serverless)
      throw dbClusterState(
        'Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.',
      );
    const promotionTier = input.PromotionTier ?? 1;
    if (!(promotionTier >= 0 && promotionTier <= 15))
      throw invalidValue(`Invalid promotion tier: ${promotionTier}. Must be in the range 0 - 15`);
    const settings = settingsOf(input, Number.parseInt(engineVersion, 10));
    parameterGroups.parametersOf(settings.parameterGroup);
    checkMonitoring(settings);
    const writer = dbClusters.writerOf(cluster);
    return instances.join(
      {
        identifier: instanceIdentifier(input.DBInstanceIdentifier),
        ...{ engineVersion, masterUser, masterPassword, databaseName },
        settings,
        tags: input.Tags ?? [],
        member: { of: cluster, isWriter: writer === undefined, promotionTier },
      },
      writer,
    );
  };
}

/** Of its own a member has a class, parameters and how it is watched; the rest is empty here and shown as the cluster's. */
const settingsOf = (input: CreateDBInstanceMessage, major: number): Settings => ({
  instanceClass: input.DBInstanceClass ?? '',
  parameterGroup: input.DBParameterGroupName ?? `default.aurora-postgresql${major}`,
  publiclyAccessible: input.PubliclyAccessible ?? false,
  autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
  maintenanceWindow: input.PreferredMaintenanceWindow ?? UNSAID.maintenanceWindow,
  insightsMode: UNSAID.insightsMode,
  performanceInsights: input.EnablePerformanceInsights ?? false,
  performanceInsightsDays: input.PerformanceInsightsRetentionPeriod,
  monitoringSeconds: input.MonitoringInterval ?? 0,
  monitoringRole: input.MonitoringRoleArn,
  allocatedStorage: 1,
  storageType: 'aurora',
  subnetGroup: 'default',
  securityGroups: [],
  multiAz: false,
  iamAuthentication: false,
  deletionProtection: false,
  copyTagsToSnapshot: false,
  // Aurora backs up the volume all the time, and shows nothing of it
  backupRetentionDays: 0,
  storageEncrypted: false,
  logExports: [],
  lifecycleSupport: UNSAID.lifecycleSupport,
  roles: [],
});
