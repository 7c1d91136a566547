import type { ModifyDBClusterMessage, RestoreDBClusterFromSnapshotMessage } from '@aws-sdk/client-rds';
import { type DbClusterSettings, UNSAID_OF_CLUSTER } from './db-cluster-records';
import { invalidCombination, invalidValue } from './faults';
import { checkInsights, checkMonitoring, checkRetention } from './rules';

type Restore = RestoreDBClusterFromSnapshotMessage;
type Modify = ModifyDBClusterMessage;

/** What would need something the local cloud does not have, or is of other engines than Aurora PostgreSQL. */
const NOT_RESTORABLE = [
  'OptionGroupName',
  'BacktrackWindow',
  'ScalingConfiguration',
  'Domain',
  'DomainIAMRoleName',
  'DBClusterInstanceClass',
  'Iops',
  'PubliclyAccessible',
  'RdsCustomClusterConfiguration',
  'MonitoringInterval',
  'MonitoringRoleArn',
  'EnablePerformanceInsights',
  'AssociatedRoles',
  'EnableVPCNetworking',
  'EnableInternetAccessGateway',
] as const satisfies readonly (keyof Restore)[];

const STORAGE = ['aurora', 'aurora-iopt1'];

/** As RDS shows it, which does not name the standard storage. */
export function storageOf(wanted: string | undefined): string | undefined {
  if (wanted !== undefined && !STORAGE.includes(wanted))
    throw invalidValue(`Invalid storage type: ${wanted}`);
  return wanted === 'aurora' ? undefined : wanted;
}

/** Aurora capacity units. Source: Amazon RDS API Reference, ServerlessV2ScalingConfiguration. */
export function checkServerless({ serverless }: Pick<DbClusterSettings, 'serverless'>): void {
  if (!serverless) return;
  const { MinCapacity: least = Number.NaN, MaxCapacity: most = Number.NaN } = serverless;
  if (least >= 0 && most >= 1 && most <= 256 && least <= most && Number.isInteger(most * 2)) return;
  throw invalidValue(
    `Invalid Serverless v2 scaling configuration: MinCapacity ${least}, MaxCapacity ${most}`,
  );
}

/** The settings of a restored cluster: what is not said gets the defaults of RDS, not the source's values. */
export function restoredClusterSettings(
  input: Restore,
  source: DbClusterSettings,
  major: number,
): DbClusterSettings {
  const refused = NOT_RESTORABLE.filter((name) => input[name] !== undefined && input[name] !== false);
  if (refused.length > 0)
    throw invalidCombination(`a restore with ${refused.join(', ')} is not supported by the local cloud`);
  if ((input.EngineMode ?? 'provisioned') !== 'provisioned')
    throw invalidCombination(`The engine mode ${input.EngineMode} is not supported by the local cloud`);
  const backupRetentionDays = input.BackupRetentionPeriod ?? source.backupRetentionDays;
  checkRetention(backupRetentionDays, 1);
  const settings: DbClusterSettings = {
    parameterGroup: input.DBClusterParameterGroupName ?? `default.aurora-postgresql${major}`,
    subnetGroup: input.DBSubnetGroupName ?? 'default',
    securityGroups: input.VpcSecurityGroupIds ?? ['sg-default'],
    iamAuthentication: input.EnableIAMDatabaseAuthentication ?? false,
    deletionProtection: input.DeletionProtection ?? false,
    copyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    backupRetentionDays,
    backupWindow: input.PreferredBackupWindow ?? UNSAID_OF_CLUSTER.backupWindow,
    maintenanceWindow: UNSAID_OF_CLUSTER.maintenanceWindow,
    storageEncrypted: source.storageEncrypted || input.KmsKeyId !== undefined,
    kmsKey: input.KmsKeyId ?? source.kmsKey,
    storageType: storageOf(input.StorageType),
    logExports: input.EnableCloudwatchLogsExports ?? [],
    lifecycleSupport: input.EngineLifecycleSupport ?? UNSAID_OF_CLUSTER.lifecycleSupport,
    serverless: input.ServerlessV2ScalingConfiguration,
    insightsMode: UNSAID_OF_CLUSTER.insightsMode,
    performanceInsights: false,
    monitoringSeconds: 0,
    roles: [],
  };
  checkServerless(settings);
  return settings;
}

/** What ModifyDBCluster changes and under which name it is kept. */
const CHANGES = {
  DeletionProtection: 'deletionProtection',
  CopyTagsToSnapshot: 'copyTagsToSnapshot',
  BackupRetentionPeriod: 'backupRetentionDays',
  PreferredBackupWindow: 'backupWindow',
  PreferredMaintenanceWindow: 'maintenanceWindow',
  VpcSecurityGroupIds: 'securityGroups',
  EnableIAMDatabaseAuthentication: 'iamAuthentication',
  DBClusterParameterGroupName: 'parameterGroup',
  ServerlessV2ScalingConfiguration: 'serverless',
  DatabaseInsightsMode: 'insightsMode',
  EnablePerformanceInsights: 'performanceInsights',
  PerformanceInsightsRetentionPeriod: 'performanceInsightsDays',
  MonitoringInterval: 'monitoringSeconds',
  MonitoringRoleArn: 'monitoringRole',
} as const satisfies Partial<Record<keyof Modify, keyof DbClusterSettings>>;

const BESIDE = ['DBClusterIdentifier', 'ApplyImmediately'];

/** The settings after ModifyDBCluster, at once. Throws InvalidParameterCombination for what cannot be changed here. */
export function modifiedClusterSettings(input: Modify, before: DbClusterSettings): DbClusterSettings {
  const said = Object.entries(input).filter(([, value]) => value !== undefined);
  const others = said.filter(([name]) => !(name in CHANGES) && !BESIDE.includes(name));
  if (others.length > 0)
    throw invalidCombination(
      `ModifyDBCluster with ${others.map(([name]) => name).join(', ')} is not supported by the local cloud`,
    );
  const changes = said.flatMap(([name, value]) =>
    name in CHANGES ? [[CHANGES[name as keyof typeof CHANGES], value] as const] : [],
  );
  const after: DbClusterSettings = { ...before, ...Object.fromEntries(changes) };
  checkRetention(after.backupRetentionDays, 1);
  checkServerless(after);
  checkInsights(after);
  checkMonitoring(after);
  return after;
}
