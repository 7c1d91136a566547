import {
  AddRoleToDBInstanceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
} from '@aws-sdk/client-rds';
import { type Left, type Missing, missingOf } from '../domain/database/restored-settings';
import type { DatabaseSeen } from '../domain/doctor/database';
import {
  type DatabaseState,
  FREE,
  inherited,
  isOf,
  type Restore,
  setMissing,
  stateOf,
  tried,
  UNSEEN,
} from './rds';

/** What the ports of `databases.ts` do to an RDS instance. */

async function describe(rds: RDSClient, instance: string): Promise<DBInstance | undefined> {
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }));
  return DBInstances?.[0];
}

/** GiB from which a gp3 volume of PostgreSQL has figures of its own. */
const STRIPED_GIB = 400;

/**
 * IOPS and throughput, where a restore may name them: below 400 GiB a gp3 volume shows 3000 and 125, which RDS refuses to
 * be told. Source: Amazon RDS User Guide, "gp3 storage".
 */
const figuresOf = ({ StorageType, AllocatedStorage = 0, Iops, StorageThroughput }: DBInstance) =>
  StorageType === 'gp3' && AllocatedStorage < STRIPED_GIB ? {} : { Iops, StorageThroughput };

/**
 * All that a restore would otherwise take from RDS's defaults: network, parameters, Single-AZ, no protection.
 * Source: Amazon RDS API Reference, RestoreDBInstanceFromDBSnapshot.
 */
function setUpAs(source: DBInstance): Partial<RestoreDBInstanceFromDBSnapshotCommandInput> {
  return {
    DBInstanceClass: source.DBInstanceClass,
    Engine: source.Engine,
    LicenseModel: source.LicenseModel,
    Port: source.Endpoint?.Port,
    MultiAZ: source.MultiAZ,
    AvailabilityZone: source.MultiAZ ? undefined : source.AvailabilityZone,
    PubliclyAccessible: source.PubliclyAccessible,
    NetworkType: source.NetworkType,
    DBSubnetGroupName: source.DBSubnetGroup?.DBSubnetGroupName,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    DBParameterGroupName: source.DBParameterGroups?.[0]?.DBParameterGroupName,
    OptionGroupName: source.OptionGroupMemberships?.[0]?.OptionGroupName,
    StorageType: source.StorageType,
    AllocatedStorage: source.AllocatedStorage,
    ...figuresOf(source),
    DedicatedLogVolume: source.DedicatedLogVolume,
    CACertificateIdentifier: source.CACertificateIdentifier,
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    AutoMinorVersionUpgrade: source.AutoMinorVersionUpgrade,
    BackupRetentionPeriod: source.BackupRetentionPeriod,
    PreferredBackupWindow: source.PreferredBackupWindow,
    CopyTagsToSnapshot: source.CopyTagsToSnapshot,
    DeletionProtection: source.DeletionProtection,
    // left out, RDS takes its extended support, which is paid for
    EngineLifecycleSupport: source.EngineLifecycleSupport,
    ProcessorFeatures: source.ProcessorFeatures,
    EnableCustomerOwnedIp: source.CustomerOwnedIpEnabled,
    BackupTarget: source.BackupTarget,
  };
}

export async function instanceState(rds: RDSClient, instance: string): Promise<DatabaseState> {
  const found = await describe(rds, instance);
  const status = found?.DBInstanceStatus ?? 'unknown';
  const { Address, Port } = found?.Endpoint ?? {};
  const address = Address && Port ? { host: Address, port: Port } : null;
  return {
    status: stateOf(status, address !== null),
    free: FREE.includes(status),
    detail: `database instance ${instance} is ${status}`,
    address,
  };
}

export async function instanceSeen(rds: RDSClient, instance: string): Promise<DatabaseSeen | undefined> {
  try {
    const found = await describe(rds, instance);
    return (
      found && {
        engine: found.Engine ?? 'unknown',
        memberOf: found.DBClusterIdentifier,
        status: found.DBInstanceStatus ?? 'unknown',
        backupDays: found.BackupRetentionPeriod ?? 0,
        restorableUntil: found.LatestRestorableTime?.toISOString(),
        encrypted: found.StorageEncrypted ?? false,
        publiclyAccessible: found.PubliclyAccessible ?? false,
        deletionProtection: found.DeletionProtection ?? false,
        replicaOf: found.ReadReplicaSourceDBInstanceIdentifier,
        replicas: found.ReadReplicaDBInstanceIdentifiers ?? [],
        key: found.KmsKeyId,
        certificateUntil: found.CertificateDetails?.ValidTill?.toISOString(),
      }
    );
  } catch (error) {
    if ((error as Error).name === 'DBInstanceNotFoundFault') return undefined;
    throw error;
  }
}

export async function restoreInstance(
  rds: RDSClient,
  instance: string,
  { snapshot, deployment, like }: Restore,
): Promise<void> {
  const source = await describe(rds, like);
  if (!source) throw new Error(`there is no database instance ${like}`);
  try {
    await rds.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        ...setUpAs(source),
        DBInstanceIdentifier: instance,
        DBSnapshotIdentifier: snapshot,
        Tags: inherited(source.TagList, deployment),
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'DBInstanceAlreadyExistsFault') throw error;
    if (!isOf(deployment, (await describe(rds, instance))?.TagList)) throw error;
  }
}

export async function keepInstance(rds: RDSClient, instance: string, like: string): Promise<Left[]> {
  const of = { kind: 'instance', name: instance } as const;
  let missing: Missing[] = [];
  // users are served, and no setting is worth keeping the lock for
  const blind = await tried(of, [UNSEEN], async () => {
    const [source, there] = await Promise.all([describe(rds, like), describe(rds, instance)]);
    missing = missingOf(source ?? {}, there ?? {});
  });
  if (blind.length > 0) return blind;
  const one = { DBInstanceIdentifier: instance };
  return setMissing(of, missing, {
    modify: (changes) =>
      rds.send(new ModifyDBInstanceCommand({ ...one, ApplyImmediately: true, ...changes })),
    addRole: (role) => rds.send(new AddRoleToDBInstanceCommand({ ...one, ...role })),
  });
}
