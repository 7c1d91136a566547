import {
  AddRoleToDBInstanceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
} from '@aws-sdk/client-rds';
import { type Missing, missingOf } from '../domain/database/restored-settings';
import { restoredName } from '../domain/deployment/names';
import type { InstanceSeen } from '../domain/doctor/database';
import type { Port } from '../domain/step/port';

/** A database instance on its way to being usable. */
export interface InstanceState {
  status: 'creating' | 'available' | 'failed';
  /** Takes a snapshot when it is asked for one. */
  free: boolean;
  detail: string;
  /** Where it answers; null until it does. */
  address: { host: string; port: number } | null;
}
export interface InstanceReader {
  state(instance: string): Promise<InstanceState>;
}
export interface InstanceExaminer {
  /** Undefined where there is no such instance. */
  of(instance: string): Promise<InstanceSeen | undefined>;
}
export interface DatabaseRestorer {
  /** Restores a snapshot into a new instance and answers with its name; asking again is harmless. */
  restore(wanted: Restore): Promise<string>;
}

export interface DatabaseKeeper {
  /**
   * Sets on a restored instance what a restore has left at RDS's defaults as it is on the one whose place it takes. Answers
   * with what stays missing and why; asking again is harmless.
   */
  keep(instance: string, like: string): Promise<Left[]>;
}
type Left = Missing & { because: string };

export interface Restore {
  snapshot: string;
  deployment: string;
  /** The instance that the template made: its name is the beginning of the new one's. */
  original: string;
  /** The instance that serves: the new one is set up as it is. */
  like: string;
}

/** Amazon RDS User Guide, "Viewing DB instance status"; anything else is on its way. */
const FAILED = /^(failed|incompatible-|restore-error|inaccessible-|deleting|storage-full|stopp)/;
/** An instance is used while RDS takes its own first snapshot, which begins as soon as the instance is there. */
const USABLE = ['available', 'backing-up', 'storage-optimization'];
/** Amazon RDS API Reference, CreateDBSnapshot. */
const FREE = ['available', 'storage-optimization'];

const OWNER = 'greenlight:deployment';

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

export const instanceReader: Port<InstanceReader> = {
  grants: [{ sid: 'ReadDatabases', actions: ['rds:DescribeDBInstances'], on: ['databases'] }],
  open() {
    const rds = new RDSClient({});
    return {
      async state(instance) {
        const found = await describe(rds, instance);
        const status = found?.DBInstanceStatus ?? 'unknown';
        const { Address, Port } = found?.Endpoint ?? {};
        return {
          status:
            USABLE.includes(status) && Address ? 'available' : FAILED.test(status) ? 'failed' : 'creating',
          free: FREE.includes(status),
          detail: `database instance ${instance} is ${status}`,
          address: Address && Port ? { host: Address, port: Port } : null,
        };
      },
    };
  },
};

export const instanceExaminer: Port<InstanceExaminer> = {
  grants: [{ sid: 'ReadDatabases', actions: ['rds:DescribeDBInstances'], on: ['databases'] }],
  open() {
    const rds = new RDSClient({});
    return {
      async of(instance) {
        try {
          const found = await describe(rds, instance);
          return (
            found && {
              engine: found.Engine ?? 'unknown',
              status: found.DBInstanceStatus ?? 'unknown',
              backupDays: found.BackupRetentionPeriod ?? 0,
              encrypted: found.StorageEncrypted ?? false,
              publiclyAccessible: found.PubliclyAccessible ?? false,
              deletionProtection: found.DeletionProtection ?? false,
              certificateUntil: found.CertificateDetails?.ValidTill?.toISOString(),
            }
          );
        } catch (error) {
          if ((error as Error).name === 'DBInstanceNotFoundFault') return undefined;
          throw error;
        }
      },
    };
  },
};

export const databaseRestorer: Port<DatabaseRestorer> = {
  grants: [
    { sid: 'ReadDatabases', actions: ['rds:DescribeDBInstances'], on: ['databases'] },
    {
      sid: 'RestoreSnapshots',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
      on: ['restored', 'snapshots', 'databaseGroups'],
    },
    { sid: 'TagRestored', actions: ['rds:AddTagsToResource'], on: ['restored'] },
  ],
  open() {
    const rds = new RDSClient({});
    return {
      async restore({ snapshot, deployment, original, like }) {
        const source = await describe(rds, like);
        if (!source) throw new Error(`there is no database instance ${like}`);
        const instance = restoredName(original, deployment);
        // names that begin with aws: are AWS's own
        const inherited = (source.TagList ?? []).filter(
          ({ Key }) => !Key?.startsWith('aws:') && Key !== OWNER,
        );
        try {
          await rds.send(
            new RestoreDBInstanceFromDBSnapshotCommand({
              ...setUpAs(source),
              DBInstanceIdentifier: instance,
              DBSnapshotIdentifier: snapshot,
              Tags: [...inherited, { Key: OWNER, Value: deployment }],
            }),
          );
        } catch (error) {
          if ((error as Error).name !== 'DBInstanceAlreadyExistsFault') throw error;
          const there = await describe(rds, instance);
          const ours = there?.TagList?.some(({ Key, Value }) => Key === OWNER && Value === deployment);
          if (!ours) throw error;
        }
        return instance;
      },
    };
  },
};

/** Instances are modified one by one: while one change is made, RDS refuses the next. */
async function tried(missing: Missing[], send: () => Promise<unknown>): Promise<Left[]> {
  try {
    if (missing.length > 0) await send();
    return [];
  } catch (error) {
    const { name, message } = error as Error;
    return missing.map((one) => ({ ...one, because: `${name}: ${message}` }));
  }
}

export const databaseKeeper: Port<DatabaseKeeper> = {
  grants: [
    { sid: 'ReadDatabases', actions: ['rds:DescribeDBInstances'], on: ['databases'] },
    {
      sid: 'KeepSettings',
      actions: ['rds:ModifyDBInstance', 'rds:AddRoleToDBInstance'],
      on: ['restored'],
    },
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
      async keep(instance, like) {
        const unseen: Missing = { what: 'all that a restore leaves at its defaults' };
        let missing: Missing[] = [];
        // users are served, and no setting is worth keeping the lock for
        const blind = await tried([unseen], async () => {
          const [source, there] = await Promise.all([describe(rds, like), describe(rds, instance)]);
          missing = missingOf(source ?? {}, there ?? {});
        });
        if (blind.length > 0) return blind;
        const changed = (wanted: Missing[]) =>
          tried(wanted, () =>
            rds.send(
              new ModifyDBInstanceCommand({
                DBInstanceIdentifier: instance,
                ApplyImmediately: true,
                ...Object.assign({}, ...wanted.map(({ modify }) => modify)),
              }),
            ),
          );
        const left: Left[] = missing
          .filter(({ modify, role }) => !modify && !role)
          .map((one) => ({ ...one, because: '' }));
        // a role that may not be handed over must not take the rest with it
        for (const one of missing)
          if (one.role)
            left.push(
              ...(await tried([one], () =>
                rds.send(new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: instance, ...one.role! })),
              )),
            );
        left.push(...(await changed(missing.filter(({ modify }) => modify && !modify.MonitoringRoleArn))));
        left.push(...(await changed(missing.filter(({ modify }) => modify?.MonitoringRoleArn))));
        return left;
      },
    };
  },
};
