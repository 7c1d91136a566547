import type {
  DatabaseInsightsMode,
  DBCluster,
  DBClusterSnapshot,
  ServerlessV2ScalingConfiguration,
  Tag,
} from '@aws-sdk/client-rds';
import { REGION } from '../../names';
import type { Backup } from '../../postgres/backup';
import type { Cluster } from '../../postgres/cluster';
import { dbClusterArn, dbClusterSnapshotArn } from './identifiers';

/** What a caller decides about a DB cluster; a restored one gets RDS's defaults for what is not said. */
export interface DbClusterSettings {
  parameterGroup: string;
  subnetGroup: string;
  securityGroups: string[];
  iamAuthentication: boolean;
  deletionProtection: boolean;
  copyTagsToSnapshot: boolean;
  backupRetentionDays: number;
  backupWindow: string;
  maintenanceWindow: string;
  storageEncrypted: boolean;
  kmsKey?: string;
  /** Absent for Aurora's standard storage, which RDS does not name. */
  storageType?: string;
  logExports: string[];
  lifecycleSupport: string;
  serverless?: ServerlessV2ScalingConfiguration;
  insightsMode: DatabaseInsightsMode;
  performanceInsights: boolean;
  performanceInsightsDays?: number;
  monitoringSeconds: number;
  monitoringRole?: string;
  roles: { RoleArn: string; FeatureName: string }[];
}

/** An Aurora DB cluster: a volume and endpoints. It computes nothing without an instance. */
export interface DbClusterRecord {
  identifier: string;
  resourceId: string;
  status: string;
  createdAt: Date;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: DbClusterSettings;
  tags: Tag[];
  /** Absent until its data are there. Its port is that of the cluster's endpoints and of the writer. */
  volume?: Cluster;
  work: Promise<void>;
}

export interface DbClusterSnapshotRecord {
  identifier: string;
  status: string;
  percent: number;
  createdAt: Date;
  source: DbClusterRecord;
  sourceIdentifier: string;
  engineVersion: string;
  masterUser: string;
  masterPassword: string;
  databaseName?: string;
  settings: DbClusterSettings;
  tags: Tag[];
  backup?: Backup;
}

/** What RDS says where nobody has said anything. Source: Amazon RDS API Reference, CreateDBCluster. */
export const UNSAID_OF_CLUSTER = {
  backupWindow: '01:12-01:42',
  maintenanceWindow: 'sun:03:12-sun:03:42',
  lifecycleSupport: 'open-source-rds-extended-support',
  insightsMode: 'standard',
} as const;

/** What a cluster says of an instance of its own. */
export interface ShownMember {
  identifier: string;
  isWriter: boolean;
  promotionTier: number;
}

export function describeDbCluster(record: DbClusterRecord, members: ShownMember[], now: number): DBCluster {
  const { settings, volume } = record;
  return {
    DBClusterIdentifier: record.identifier,
    DBClusterArn: dbClusterArn(record.identifier),
    DbClusterResourceId: record.resourceId,
    Status: record.status,
    Engine: 'aurora-postgresql',
    EngineMode: 'provisioned',
    EngineVersion: record.engineVersion,
    MasterUsername: record.masterUser,
    DatabaseName: record.databaseName,
    ClusterCreateTime: record.createdAt,
    // both lead to the writer, as with a cluster that has no reader: a name of its own needs a DNS server
    Endpoint: '127.0.0.1',
    ReaderEndpoint: '127.0.0.1',
    HostedZoneId: 'ZLOCAL',
    Port: volume?.port,
    AllocatedStorage: 1,
    AvailabilityZones: [`${REGION}a`],
    MultiAZ: members.length > 1,
    DBClusterMembers: members.map(({ identifier, isWriter, promotionTier }) => ({
      DBInstanceIdentifier: identifier,
      IsClusterWriter: isWriter,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: promotionTier,
    })),
    DBClusterParameterGroup: settings.parameterGroup,
    DBClusterOptionGroupMemberships: [
      {
        DBClusterOptionGroupName: `default:aurora-postgresql-${record.engineVersion.split('.')[0]}`,
        Status: 'in-sync',
      },
    ],
    DBSubnetGroup: settings.subnetGroup,
    VpcSecurityGroups: settings.securityGroups.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    NetworkType: 'IPV4',
    StorageType: settings.storageType,
    StorageEncrypted: settings.storageEncrypted,
    KmsKeyId: settings.kmsKey,
    IAMDatabaseAuthenticationEnabled: settings.iamAuthentication,
    DeletionProtection: settings.deletionProtection,
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    BackupRetentionPeriod: settings.backupRetentionDays,
    PreferredBackupWindow: settings.backupWindow,
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    EarliestRestorableTime: record.createdAt,
    LatestRestorableTime: new Date(now),
    EnabledCloudwatchLogsExports: settings.logExports,
    EngineLifecycleSupport: settings.lifecycleSupport,
    ServerlessV2ScalingConfiguration: settings.serverless,
    DatabaseInsightsMode: settings.insightsMode,
    PerformanceInsightsEnabled: settings.performanceInsights,
    PerformanceInsightsRetentionPeriod: settings.performanceInsights
      ? (settings.performanceInsightsDays ?? 7)
      : undefined,
    MonitoringInterval: settings.monitoringSeconds,
    MonitoringRoleArn: settings.monitoringRole,
    AssociatedRoles: settings.roles.map((role) => ({ ...role, Status: 'ACTIVE' })),
    HttpEndpointEnabled: false,
    CrossAccountClone: false,
    DomainMemberships: [],
    ReadReplicaIdentifiers: [],
    ActivityStreamStatus: 'stopped',
    TagList: record.tags,
  };
}

export function describeDbClusterSnapshot(record: DbClusterSnapshotRecord): DBClusterSnapshot {
  return {
    DBClusterSnapshotIdentifier: record.identifier,
    DBClusterSnapshotArn: dbClusterSnapshotArn(record.identifier),
    DBClusterIdentifier: record.sourceIdentifier,
    DbClusterResourceId: record.source.resourceId,
    Status: record.status,
    PercentProgress: record.percent,
    SnapshotType: 'manual',
    SnapshotCreateTime: record.createdAt,
    ClusterCreateTime: record.source.createdAt,
    Engine: 'aurora-postgresql',
    EngineMode: 'provisioned',
    EngineVersion: record.engineVersion,
    LicenseModel: 'postgresql-license',
    MasterUsername: record.masterUser,
    AllocatedStorage: 1,
    AvailabilityZones: [`${REGION}a`],
    // shown so for every cluster's snapshot
    Port: 0,
    StorageType: record.settings.storageType,
    StorageEncrypted: record.settings.storageEncrypted,
    KmsKeyId: record.settings.kmsKey,
    IAMDatabaseAuthenticationEnabled: record.settings.iamAuthentication,
    TagList: record.tags,
  };
}
