import type { ModifyDBInstanceMessage, RestoreDBInstanceFromDBSnapshotMessage } from '@aws-sdk/client-rds';
import { invalidCombination } from './faults';
import { type Settings, UNSAID } from './records';
import { checkInsights, checkMonitoring, checkRetention } from './rules';
import { checkStorage, grownStorage } from './storage';

type Restore = RestoreDBInstanceFromDBSnapshotMessage;
type Modify = ModifyDBInstanceMessage;

/** What would need something the local cloud does not have; on AWS, passwords are managed on a restore for Oracle only. */
const NOT_RESTORABLE = [
  'ManageMasterUserPassword',
  'TdeCredentialArn',
  'Domain',
  'DBClusterSnapshotIdentifier',
] as const satisfies readonly (keyof Restore)[];

/** The settings of a restored instance: what is not said gets the defaults of RDS, not the source's values (R7). */
export function restoredSettings(input: Restore, source: Settings, major: number): Settings {
  const refused = NOT_RESTORABLE.filter((name) => input[name] !== undefined && input[name] !== false);
  if (refused.length > 0)
    throw invalidCombination(`a restore with ${refused.join(', ')} is not supported; leave it out`);
  const storage = {
    allocatedStorage: input.AllocatedStorage ?? source.allocatedStorage,
    storageType: input.StorageType ?? 'gp3',
    iops: input.Iops,
    storageThroughput: input.StorageThroughput,
  };
  checkStorage(storage);
  const backupRetentionDays = input.BackupRetentionPeriod ?? source.backupRetentionDays;
  checkRetention(backupRetentionDays);
  return {
    ...storage,
    instanceClass: input.DBInstanceClass ?? source.instanceClass,
    parameterGroup: input.DBParameterGroupName ?? `default.postgres${major}`,
    subnetGroup: input.DBSubnetGroupName ?? 'default',
    securityGroups: input.VpcSecurityGroupIds ?? ['sg-default'],
    multiAz: input.MultiAZ ?? false,
    publiclyAccessible: input.PubliclyAccessible ?? false,
    iamAuthentication: input.EnableIAMDatabaseAuthentication ?? false,
    deletionProtection: input.DeletionProtection ?? false,
    copyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    logExports: input.EnableCloudwatchLogsExports ?? [],
    backupRetentionDays,
    storageEncrypted: source.storageEncrypted,
    key: source.key,
    ...UNSAID,
    lifecycleSupport: input.EngineLifecycleSupport ?? UNSAID.lifecycleSupport,
    performanceInsights: false,
    monitoringSeconds: 0,
    roles: [],
  };
}

/** What ModifyDBInstance changes and under which name it is kept. */
const CHANGES = {
  DeletionProtection: 'deletionProtection',
  CopyTagsToSnapshot: 'copyTagsToSnapshot',
  BackupRetentionPeriod: 'backupRetentionDays',
  VpcSecurityGroupIds: 'securityGroups',
  PubliclyAccessible: 'publiclyAccessible',
  EnableIAMDatabaseAuthentication: 'iamAuthentication',
  AutoMinorVersionUpgrade: 'autoMinorVersionUpgrade',
  DBParameterGroupName: 'parameterGroup',
  DBInstanceClass: 'instanceClass',
  AllocatedStorage: 'allocatedStorage',
  StorageType: 'storageType',
  StorageThroughput: 'storageThroughput',
  Iops: 'iops',
  MultiAZ: 'multiAz',
  PreferredMaintenanceWindow: 'maintenanceWindow',
  EngineLifecycleSupport: 'lifecycleSupport',
  MaxAllocatedStorage: 'maxAllocatedStorage',
  DatabaseInsightsMode: 'insightsMode',
  EnablePerformanceInsights: 'performanceInsights',
  PerformanceInsightsRetentionPeriod: 'performanceInsightsDays',
  MonitoringInterval: 'monitoringSeconds',
  MonitoringRoleArn: 'monitoringRole',
} as const satisfies Partial<Record<keyof Modify, keyof Settings>>;

/** What on AWS waits for the maintenance window unless ApplyImmediately is set. */
const WAITING: readonly string[] = [
  'NewDBInstanceIdentifier',
  'DBInstanceClass',
  'AllocatedStorage',
  'StorageType',
  'StorageThroughput',
  'Iops',
  'MultiAZ',
];

/** What is said beside the settings, and acted on elsewhere. */
const BESIDE: readonly string[] = [
  'DBInstanceIdentifier',
  'NewDBInstanceIdentifier',
  'MasterUserPassword',
  'ApplyImmediately',
];

/**
 * The settings after ModifyDBInstance, at once; a new parameter group is followed from the next reboot.
 * Throws InvalidParameterCombination for what cannot be changed here.
 */
export function modifiedSettings(input: Modify, before: Settings, isMember = false): Settings {
  const said = Object.entries(input).filter(([, value]) => value !== undefined);
  const others = said.filter(([name]) => !(name in CHANGES) && !BESIDE.includes(name));
  if (others.length > 0) {
    throw invalidCombination(
      `ModifyDBInstance with ${others.map(([name]) => name).join(', ')} is not supported by the local cloud`,
    );
  }
  const waiting = input.ApplyImmediately ? [] : said.filter(([name]) => WAITING.includes(name));
  if (waiting.length > 0) {
    throw invalidCombination(
      `${waiting.map(([name]) => name).join(', ')} would wait for the maintenance window, which the local cloud does not have; set ApplyImmediately`,
    );
  }
  const changes = said.flatMap(([name, value]) =>
    name in CHANGES ? [[CHANGES[name as keyof typeof CHANGES], value] as const] : [],
  );
  const after: Settings = { ...before, ...Object.fromEntries(changes) };
  after.allocatedStorage = grownStorage(before.allocatedStorage, after.allocatedStorage);
  // what was named before goes with its type
  if (input.StorageType !== undefined && input.StorageType !== before.storageType) {
    after.iops = input.Iops;
    after.storageThroughput = input.StorageThroughput;
  }
  // a member's storage and backups are its cluster's
  if (!isMember) {
    checkStorage(after);
    checkRetention(after.backupRetentionDays);
  }
  checkInsights(after);
  checkMonitoring(after);
  return after;
}
