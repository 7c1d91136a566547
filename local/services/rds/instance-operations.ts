import type { RDS } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import type { ClusterParts } from '../../postgres/cluster';
import { setPassword } from '../../postgres/superuser';
import type { Operations } from '../../service';
import { invalidCombination, notStopped, optionGroupNotFound, roleExists, snapshotState } from './faults';
import { filterOf, INSTANCE_FILTERS } from './filters';
import { instanceIdentifier } from './identifiers';
import type { Instances } from './instances';
import { type createMembers, refuseOfCluster } from './members';
import { page } from './page';
import type { ParameterGroups } from './parameter-groups';
import { describeInstance, type InstanceRecord, type Member, optionGroupOf } from './records';
import { checkPassword } from './rules';
import { modifiedSettings, restoredSettings } from './settings';
import type { Snapshots } from './snapshots';
import type { SubnetGroups } from './subnet-groups';

export interface OperationsParts {
  clock: Clock;
  instances: Instances;
  snapshots: Snapshots;
  parameterGroups: ParameterGroups;
  subnetGroups: SubnetGroups;
  postgres: () => Promise<ClusterParts>;
  createMember: ReturnType<typeof createMembers>;
}

export function createInstanceOperations(parts: OperationsParts): Operations<RDS> {
  const { clock, instances, snapshots, parameterGroups, subnetGroups, postgres, createMember } = parts;
  const refuseFailover = ({ isWriter, of }: Member) => {
    if (isWriter && [...instances.records.values()].filter(({ member }) => member?.of === of).length > 1)
      throw invalidCombination(
        'a reader would take the place of the writer, and the local cloud does not fail over; delete the readers first',
      );
  };
  const answer = (record: InstanceRecord) => ({ DBInstance: describeInstance(record, clock.now()) });

  return {
    DescribeDBInstances: (input) => {
      const all = input.DBInstanceIdentifier
        ? [instances.find(input.DBInstanceIdentifier)]
        : [...instances.records.values()].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
      const { items, marker } = page(all.filter(filterOf(INSTANCE_FILTERS, input.Filters)), input);
      return { DBInstances: items.map((record) => describeInstance(record, clock.now())), Marker: marker };
    },

    CreateDBInstance: (input) => {
      const { record, created } = createMember(input);
      created.catch(() => {});
      return answer(record);
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
      const settings = restoredSettings(input, snapshot.settings, binaries.major);
      parameterGroups.parametersOf(settings.parameterGroup);
      subnetGroups.check(settings.subnetGroup);
      if ((input.OptionGroupName ?? optionGroupOf(snapshot)) !== optionGroupOf(snapshot))
        throw optionGroupNotFound(input.OptionGroupName!);
      const { engineVersion, masterUser, masterPassword, databaseName, backup } = snapshot;
      const identifier = instanceIdentifier(input.DBInstanceIdentifier);
      const kept = { engineVersion, masterUser, masterPassword, databaseName };
      const { record, created } = instances.restore(
        { identifier, ...kept, settings, tags: input.Tags ?? [] },
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
      if (record.member) refuseFailover(record.member);
      // what is left of a member is its cluster's
      else if (!input.SkipFinalSnapshot) {
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
      if (record.member) refuseOfCluster(input);
      const settings = modifiedSettings(input, record.settings, record.member !== undefined);
      parameterGroups.parametersOf(settings.parameterGroup);
      if (input.MasterUserPassword !== undefined) {
        checkPassword(input.MasterUserPassword);
        await setPassword(record.cluster!, record.masterUser, input.MasterUserPassword);
        record.masterPassword = input.MasterUserPassword;
      }
      const hasGrown = settings.allocatedStorage > record.settings.allocatedStorage;
      record.settings = settings;
      if (input.NewDBInstanceIdentifier !== undefined) {
        instances.rename(
          record,
          instanceIdentifier(input.NewDBInstanceIdentifier, 'NewDBInstanceIdentifier'),
        );
      }
      instances.showModified(record, hasGrown);
      return answer(record);
    },

    AddRoleToDBInstance: ({ DBInstanceIdentifier, RoleArn = '', FeatureName = '' }) => {
      const { settings } = instances.available(DBInstanceIdentifier);
      if (settings.roles.some((role) => role.FeatureName === FeatureName)) throw roleExists(FeatureName);
      settings.roles = [...settings.roles, { RoleArn, FeatureName }];
      return {};
    },

    StopDBInstance: ({ DBInstanceIdentifier }) => {
      const record = instances.available(DBInstanceIdentifier);
      if (record.member)
        throw invalidCombination('Aurora DB Instances are not eligible for stopping or starting.');
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
