import type { DatabaseInsightsMode, DBInstance, DBSnapshot, Tag } from '@aws-sdk/client-rds';
import { arn, REGION } from '../../names';
import type { Backup } from '../../postgres/backup';
import type { Cluster } from '../../postgres/cluster';
import type { DbClusterRecord } from './db-cluster-records';
import { instanceArn, snapshotArn } from './identifiers';
import { shownStorage } from './storage';

/** What a caller decides about an instance; a restored one gets RDS's defaults for what is not said (R7). */
export interface Settings {
  instanceClass: string;
  allocatedStorage: number;
  storageType: string;
  parameterGroup: string;
  subnetGroup: string;
  securityGroups: string[];
  multiAz: boolean;
  publiclyAccessible: boolean;
  iamAuthentication: boolean;
  deletionProtection: boolean;
  copyTagsToSnapshot: boolean;
  backupRetentionDays: number;
  storageEncrypted: boolean;
  /** The ARN of the account's own key that encrypts it; its snapshots and what is restored from them keep it. */
  key?: string;
  autoMinorVersionUpgrade: boolean;
  iops?: number;
  storageThroughput?: number;
  logExports: string[];
  maintenanceWindow: string;
  lifecycleSupport: string;
  maxAllocatedStorage?: number;
  insightsMode: DatabaseInsightsMode;
  performanceInsights: boolean;
  performanceInsightsDays?: number;
  monitoringSeconds: number;
  monitoringRole?: string;
  roles: { RoleArn: string; FeatureName: string }[];
}

/** What makes an instance one of an Aurora DB cluster. */
export interface Member {
  of: DbClusterRecord;
  isWriter: boolean;
  promotionTier: number;
}

export interface InstanceRecord {
  identifier: string;
  resourceId: string;
  status: string;
  createdAt: Date;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: Settings;
  tags: Tag[];
  member?: Member;
  /** The parameter group its server was started with. */
  runsWith?: string;
  /** Absent until its data directory exists. */
  cluster?: Cluster;
  /** From when to when, in ms of cloud time, the volume of a restored instance is read as it is needed. */
  lazy?: { from: number; to: number };
  /** Resolves when what is going on with the instance is over; never rejects. */
  work: Promise<void>;
}

export interface SnapshotRecord {
  identifier: string;
  status: string;
  percent: number;
  createdAt: Date;
  source: InstanceRecord;
  /** What the source was called and which settings it had when the snapshot was asked for. */
  sourceIdentifier: string;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: Settings;
  tags: Tag[];
  backup?: Backup;
}

/** What RDS says where nobody has said anything. Source: Amazon RDS API Reference, CreateDBInstance. */
export const UNSAID = {
  maintenanceWindow: 'sat:03:12-sat:03:42',
  lifecycleSupport: 'open-source-rds-extended-support',
  insightsMode: 'standard',
} as const;
const SHORTEST_INSIGHTS_DAYS = 7;

/** The one option group there is: PostgreSQL has no options. */
export const optionGroupOf = ({ engineVersion, member }: Pick<InstanceRecord, 'engineVersion' | 'member'>) =>
  `default:${member ? 'aurora-postgresql' : 'postgres'}-${engineVersion.split('.')[0]}`;

/** What a member shows of its cluster, which manages it. Source: Amazon RDS API Reference, CreateDBInstance. */
function shownOfMember({ of: { identifier, settings }, promotionTier }: Member): Partial<DBInstance> {
  return {
    DBClusterIdentifier: identifier,
    PromotionTier: promotionTier,
    Engine: 'aurora-postgresql',
    AllocatedStorage: 1,
    StorageType: settings.storageType ?? 'aurora',
    Iops: undefined,
    StorageThroughput: undefined,
    MultiAZ: false,
    DeletionProtection: false,
    LatestRestorableTime: undefined,
    StorageEncrypted: settings.storageEncrypted,
    KmsKeyId: settings.kmsKey,
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    BackupRetentionPeriod: settings.backupRetentionDays,
    IAMDatabaseAuthenticationEnabled: settings.iamAuthentication,
    EnabledCloudwatchLogsExports: settings.logExports,
    EngineLifecycleSupport: settings.lifecycleSupport,
    AssociatedRoles: [],
    VpcSecurityGroups: settings.securityGroups.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DBSubnetGroup: { DBSubnetGroupName: settings.subnetGroup, SubnetGroupStatus: 'Complete' },
  };
}

/** RDS tells the key's ARN, be it its own. Source: Amazon RDS API Reference, DBInstance. */
const keyShown = ({ storageEncrypted, key }: Settings) =>
  key ?? (storageEncrypted ? arn('kms', 'key/aws-rds') : undefined);

/** Of what was restored. Source: Amazon RDS API Reference, DBInstance. */
export function initialising({ lazy }: InstanceRecord, now: number): Partial<DBInstance> {
  if (!lazy || now >= lazy.to) return {};
  const percent = Math.floor((100 * (now - lazy.from)) / (lazy.to - lazy.from));
  return { StorageOperationStatus: 'Initializing', StorageOperationPercentProgress: percent };
}

export function describeInstance(record: InstanceRecord, now: number): DBInstance {
  const { settings } = record;
  return {
    DBInstanceIdentifier: record.identifier,
    DBInstanceArn: instanceArn(record.identifier),
    DbiResourceId: record.resourceId,
    DBInstanceStatus: record.status,
    DBInstanceClass: settings.instanceClass,
    Engine: 'postgres',
    EngineVersion: record.engineVersion,
    LicenseModel: 'postgresql-license',
    MasterUsername: record.masterUser,
    DBName: record.databaseName,
    InstanceCreateTime: record.createdAt,
    AvailabilityZone: `${REGION}a`,
    // as on RDS, there is no endpoint while an instance is being created
    ...(record.cluster && record.cluster.port !== 0
      ? { Endpoint: { Address: '127.0.0.1', Port: record.cluster.port, HostedZoneId: 'ZLOCAL' } }
      : {}),
    DbInstancePort: 0,
    ...shownStorage(settings),
    ...initialising(record, now),
    StorageEncrypted: settings.storageEncrypted,
    KmsKeyId: keyShown(settings),
    MultiAZ: settings.multiAz,
    PubliclyAccessible: settings.publiclyAccessible,
    IAMDatabaseAuthenticationEnabled: settings.iamAuthentication,
    DeletionProtection: settings.deletionProtection,
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    BackupRetentionPeriod: settings.backupRetentionDays,
    LatestRestorableTime: settings.backupRetentionDays > 0 ? new Date(now) : undefined,
    CACertificateIdentifier: 'greenlight-local',
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    EnabledCloudwatchLogsExports: settings.logExports,
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    EngineLifecycleSupport: settings.lifecycleSupport,
    MaxAllocatedStorage: settings.maxAllocatedStorage,
    DatabaseInsightsMode: settings.insightsMode,
    PerformanceInsightsEnabled: settings.performanceInsights,
    PerformanceInsightsRetentionPeriod: settings.performanceInsights
      ? (settings.performanceInsightsDays ?? SHORTEST_INSIGHTS_DAYS)
      : undefined,
    MonitoringInterval: settings.monitoringSeconds,
    MonitoringRoleArn: settings.monitoringRole,
    AssociatedRoles: settings.roles.map((role) => ({ ...role, Status: 'ACTIVE' })),
    DBSecurityGroups: [],
    VpcSecurityGroups: settings.securityGroups.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DBParameterGroups: [
      {
        DBParameterGroupName: settings.parameterGroup,
        ParameterApplyStatus:
          (record.runsWith ?? settings.parameterGroup) === settings.parameterGroup
            ? 'in-sync'
            : 'pending-reboot',
      },
    ],
    OptionGroupMemberships: [{ OptionGroupName: optionGroupOf(record), Status: 'in-sync' }],
    NetworkType: 'IPV4',
    DBSubnetGroup: { DBSubnetGroupName: settings.subnetGroup, SubnetGroupStatus: 'Complete' },
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: [],
    TagList: record.tags,
    ...(record.member ? shownOfMember(record.member) : {}),
  };
}

export function describeSnapshot(record: SnapshotRecord): DBSnapshot {
  return {
    DBSnapshotIdentifier: record.identifier,
    DBSnapshotArn: snapshotArn(record.identifier),
    DBInstanceIdentifier: record.sourceIdentifier,
    DbiResourceId: record.source.resourceId,
    Status: record.status,
    PercentProgress: record.percent,
    SnapshotType: 'manual',
    SnapshotCreateTime: record.createdAt,
    OriginalSnapshotCreateTime: record.createdAt,
    InstanceCreateTime: record.source.createdAt,
    SnapshotTarget: 'region',
    Engine: 'postgres',
    EngineVersion: record.engineVersion,
    LicenseModel: 'postgresql-license',
    MasterUsername: record.masterUser,
    ...shownStorage(record.settings),
    Encrypted: record.settings.storageEncrypted,
    KmsKeyId: keyShown(record.settings),
    IAMDatabaseAuthenticationEnabled: record.settings.iamAuthentication,
    AvailabilityZone: `${REGION}a`,
    Port: 5432,
    TagList: record.tags,
  };
}
