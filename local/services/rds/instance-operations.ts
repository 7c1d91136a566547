import type { ModifyDBInstanceMessage, RDS } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import type { ClusterParts } from '../../postgres/cluster';
import { setPassword } from '../../postgres/superuser';
import type { Operations } from '../../service';
import { invalidCombination, notStopped, snapshotState } from './faults';
import { instanceIdentifier } from './identifiers';
import type { Instances } from './instances';
import { page } from './page';
import type { ParameterGroups } from './parameter-groups';
import { describeInstance, type InstanceRecord, type Settings } from './records';
import type { Snapshots } from './snapshots';

export interface OperationsParts {
  clock: Clock;
  instances: Instances;
  snapshots: Snapshots;
  parameterGroups: ParameterGroups;
  postgres: () => Promise<ClusterParts>;
}

/** What can be changed; each of them takes effect at once. */
const MODIFIABLE = [
  'DBInstanceIdentifier',
  'NewDBInstanceIdentifier',
  'MasterUserPassword',
  'DeletionProtection',
  'CopyTagsToSnapshot',
  'BackupRetentionPeriod',
  'ApplyImmediately',
];

function refuseOtherChanges(input: ModifyDBInstanceMessage) {
  const others = Object.entries(input).filter(
    ([name, value]) => value !== undefined && !MODIFIABLE.includes(name),
  );
  if (others.length > 0) {
    throw invalidCombination(
      `ModifyDBInstance with ${others.map(([name]) => name).join(', ')} is not supported by the local cloud`,
    );
  }
  if (input.NewDBInstanceIdentifier !== undefined && !input.ApplyImmediately) {
    throw invalidCombination(
      'a new identifier waits for the maintenance window, which the local cloud does not have; set ApplyImmediately',
    );
  }
}

export function createInstanceOperations(parts: OperationsParts): Operations<RDS> {
  const { clock, instances, snapshots, parameterGroups, postgres } = parts;
  const answer = (record: InstanceRecord) => ({ DBInstance: describeInstance(record, clock.now()) });

  return {
    DescribeDBInstances: (input) => {
      const all = input.DBInstanceIdentifier
        ? [instances.find(input.DBInstanceIdentifier)]
        : [...instances.records.values()].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
      const { items, marker } = page(all, input);
      return { DBInstances: items.map((record) => describeInstance(record, clock.now())), Marker: marker };
    },

    RestoreDBInstanceFromDBSnapshot: async (input) => {
      if (input.DBClusterSnapshotIdentifier !== undefined || input.DBSnapshotIdentifier === undefined) {
        throw invalidCombination('the local cloud restores DB snapshots only; give DBSnapshotIdentifier');
      }
      const snapshot = snapshots.find(input.DBSnapshotIdentifier);
      if (snapshot.status !== 'available' || snapshot.backup === undefined) {
        throw snapshotState(
          `The snapshot ${snapshot.identifier} is not available; its state is ${snapshot.status}.`,
        );
      }
      const { binaries } = await postgres();
      // what is not said gets the defaults of RDS, not the source's values (R7)
      const settings: Settings = {
        instanceClass: input.DBInstanceClass ?? snapshot.settings.instanceClass,
        allocatedStorage: input.AllocatedStorage ?? snapshot.settings.allocatedStorage,
        storageType: input.StorageType ?? 'gp3',
        parameterGroup: input.DBParameterGroupName ?? `default.postgres${binaries.major}`,
        subnetGroup: input.DBSubnetGroupName ?? 'default',
        securityGroups: input.VpcSecurityGroupIds ?? ['sg-default'],
        multiAz: input.MultiAZ ?? false,
        publiclyAccessible: input.PubliclyAccessible ?? false,
        iamAuthentication: input.EnableIAMDatabaseAuthentication ?? false,
        deletionProtection: input.DeletionProtection ?? false,
        copyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
        backupRetentionDays: snapshot.settings.backupRetentionDays,
        storageEncrypted: snapshot.settings.storageEncrypted,
      };
      parameterGroups.parametersOf(settings.parameterGroup);
      const { engineVersion, masterUser, masterPassword, databaseName, backup } = snapshot;
      const identifier = instanceIdentifier(input.DBInstanceIdentifier);
      const { record, created } = instances.restore(
        {
          identifier,
          engineVersion,
          masterUser,
          masterPassword,
          databaseName,
          settings,
          tags: input.Tags ?? [],
        },
        backup,
      );
      created.catch(() => {});
      return answer(record);
    },

    DeleteDBInstance: async (input) => {
      const record = instances.find(input.DBInstanceIdentifier);
      if (record.settings.deletionProtection) {
        throw invalidCombination(
          'Cannot delete protected DB Instance, please disable deletion protection and try again.',
        );
      }
      if (!input.SkipFinalSnapshot) {
        throw invalidCombination(
          'FinalDBSnapshotIdentifier is not supported by the local cloud; take a snapshot first and set SkipFinalSnapshot',
        );
      }
      if (record.status !== 'failed' && record.status !== 'stopped') instances.available(record.identifier);
      instances.remove(record).catch(() => {});
      return answer(record);
    },

    ModifyDBInstance: async (input) => {
      const record = instances.available(input.DBInstanceIdentifier);
      refuseOtherChanges(input);
      if (input.MasterUserPassword !== undefined) {
        await setPassword(record.cluster!, record.masterUser, input.MasterUserPassword);
        record.masterPassword = input.MasterUserPassword;
      }
      if (input.DeletionProtection !== undefined)
        record.settings.deletionProtection = input.DeletionProtection;
      if (input.CopyTagsToSnapshot !== undefined)
        record.settings.copyTagsToSnapshot = input.CopyTagsToSnapshot;
      if (input.BackupRetentionPeriod !== undefined)
        record.settings.backupRetentionDays = input.BackupRetentionPeriod;
      if (input.NewDBInstanceIdentifier !== undefined) {
        instances.rename(
          record,
          instanceIdentifier(input.NewDBInstanceIdentifier, 'NewDBInstanceIdentifier'),
        );
      }
      return answer(record);
    },

    StopDBInstance: ({ DBInstanceIdentifier }) => {
      const record = instances.available(DBInstanceIdentifier);
      instances.transition(record, 'stopping', 'stopped', () => instances.stop(record)).catch(() => {});
      return answer(record);
    },

    StartDBInstance: ({ DBInstanceIdentifier }) => {
      const record = instances.find(DBInstanceIdentifier);
      if (record.status !== 'stopped') throw notStopped(record.identifier, record.status);
      instances.transition(record, 'starting', 'available', () => instances.start(record)).catch(() => {});
      return answer(record);
    },

    RebootDBInstance: ({ DBInstanceIdentifier }) => {
      const record = instances.available(DBInstanceIdentifier);
      instances
        .transition(record, 'rebooting', 'available', async () => {
          await instances.stop(record);
          await instances.start(record);
        })
        .catch(() => {});
      return answer(record);
    },
  };
}
