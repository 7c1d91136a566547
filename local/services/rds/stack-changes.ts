import { isDeepStrictEqual } from 'node:util';
import type { RDS } from '@aws-sdk/client-rds';
import type { Clock } from '../../clock';
import type { Operations, Resource, ResourceUpdater, Service } from '../../service';
import { invalidCombination } from './faults';

/** What ModifyDBInstance and ModifyDBCluster call otherwise than the properties of their types. */
const OTHERWISE: Readonly<Record<string, string>> = { VPCSecurityGroups: 'VpcSecurityGroupIds' };

/** Of no effect here. */
const IGNORED = ['DeleteAutomatedBackups', 'Tags'];

/** A change of these makes another one on AWS. Source: CloudFormation User Guide, AWS::RDS::DBInstance and DBCluster. */
const FIXED = [
  ...['AvailabilityZone', 'DBClusterIdentifier', 'DBInstanceIdentifier', 'DBName', 'DBSubnetGroupName'],
  ...['DatabaseName', 'Engine', 'KmsKeyId', 'MasterUsername', 'StorageEncrypted'],
];

const POLL_MS = 100;

/** Instances or DB clusters, as their operations and their records know them. */
interface Kind {
  identifier: 'DBInstanceIdentifier' | 'DBClusterIdentifier';
  /** Undefined for one that is not there. */
  statusOf(ref: string): string | undefined;
  resourceOf(ref: string): Resource;
  modify(input: object): Promise<unknown> | unknown;
  snapshot(ref: string, name: string): Promise<unknown> | unknown;
  delete(input: object): Promise<unknown> | unknown;
}

/** CloudFormation hands numbers and booleans over as text when a template writes them so. */
function typed(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

const SETTLED: readonly (string | undefined)[] = [
  'available',
  'storage-optimization',
  'stopped',
  'failed',
  undefined,
];

/** How a stack's update and its end reach databases: by the operations that everybody has. */
function changesOf(clock: Clock, kind: Kind) {
  const until = async (reached: (status: string | undefined) => boolean, ref: string) => {
    while (!reached(kind.statusOf(ref))) await clock.deadline(POLL_MS);
  };
  const settled = (ref: string) => until((status) => SETTLED.includes(status), ref);

  const update: ResourceUpdater = async (properties, { ref, before }) => {
    const names = [...new Set([...Object.keys(properties), ...Object.keys(before)])].filter(
      (name) => !isDeepStrictEqual(properties[name], before[name]) && !IGNORED.includes(name),
    );
    const fixed = names.filter((name) => FIXED.includes(name));
    if (fixed.length > 0)
      throw invalidCombination(
        `a change of ${fixed.join(', ')} makes another database on AWS, and none here`,
      );
    const entries = names.map((name) => [OTHERWISE[name] ?? name, typed(properties[name])]);
    await settled(ref);
    if (names.length > 0)
      await kind.modify({ ...Object.fromEntries(entries), [kind.identifier]: ref, ApplyImmediately: true });
    await settled(ref);
    return kind.resourceOf(ref);
  };

  const remove = async (ref: string, _: unknown, { withSnapshot } = { withSnapshot: false }) => {
    await settled(ref);
    // Source: CloudFormation User Guide, "DeletionPolicy attribute": a final snapshot, of a name of its own
    if (withSnapshot) await kind.snapshot(ref, `${ref}-snapshot-${Date.now().toString(36)}`.slice(-63));
    await settled(ref);
    await kind.delete({ [kind.identifier]: ref, SkipFinalSnapshot: true });
    await until((status) => status === undefined, ref);
  };
  return { update, remove };
}

export function createStackChanges(
  operations: Operations<RDS>,
  {
    clock,
    instance,
    cluster,
  }: {
    clock: Clock;
    instance: Pick<Kind, 'statusOf' | 'resourceOf'> & { isMember(ref: string): boolean };
    cluster: Pick<Kind, 'statusOf' | 'resourceOf'>;
  },
): Required<Pick<Service, 'updates' | 'removals'>> {
  const caller = { accessKeyId: 'cloudformation' };
  const ofInstances = changesOf(clock, {
    ...instance,
    identifier: 'DBInstanceIdentifier',
    modify: (input) => operations.ModifyDBInstance!(input as never, caller),
    // what is left of a member is its cluster's
    snapshot: (ref, name) =>
      instance.isMember(ref)
        ? undefined
        : operations.CreateDBSnapshot!({ DBInstanceIdentifier: ref, DBSnapshotIdentifier: name }, caller),
    delete: (input) => operations.DeleteDBInstance!(input as never, caller),
  });
  const ofClusters = changesOf(clock, {
    ...cluster,
    identifier: 'DBClusterIdentifier',
    modify: (input) => operations.ModifyDBCluster!(input as never, caller),
    snapshot: (ref, name) =>
      operations.CreateDBClusterSnapshot!(
        { DBClusterIdentifier: ref, DBClusterSnapshotIdentifier: name },
        caller,
      ),
    delete: (input) => operations.DeleteDBCluster!(input as never, caller),
  });
  return {
    updates: { 'AWS::RDS::DBInstance': ofInstances.update, 'AWS::RDS::DBCluster': ofClusters.update },
    removals: { 'AWS::RDS::DBInstance': ofInstances.remove, 'AWS::RDS::DBCluster': ofClusters.remove },
  };
}
