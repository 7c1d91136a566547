import { arn } from '../../names';
import { passing, type Requirement, type Row, type Rows, tagContext } from './requirement';

const db = (identifier?: string) => arn('rds', `db:${identifier ?? '*'}`);
const cluster = (identifier?: string) => arn('rds', `cluster:${identifier ?? '*'}`);
const clusterSnapshot = (identifier?: string) => arn('rds', `cluster-snapshot:${identifier ?? '*'}`);
const snapshot = (identifier?: string) => arn('rds', `snapshot:${identifier ?? '*'}`);
const named = (type: string, name?: string) => (name ? [arn('rds', `${type}:${name}`)] : []);

/** An action on `resources`; creating something with tags also needs the right to tag it. */
function on(action: string, resources: string[], tags?: [], tagged?: string): Requirement[] {
  const context = tagContext(tags);
  const needed: Requirement[] = [{ action: `rds:${action}`, resources, context }];
  if (tags?.length && tagged) needed.push({ action: 'rds:AddTagsToResource', resources: [tagged], context });
  return needed;
}

const onInstance =
  (action: string): Row =>
  (input) =>
    on(action, [db(input.DBInstanceIdentifier)]);

const onNamed =
  (action: string): Row =>
  (input) =>
    on(action, [input.ResourceName], input.Tags);

export const rds: Rows = {
  prefix: 'rds',
  operations: {
    AddRoleToDBCluster: (i) => [
      ...on('AddRoleToDBCluster', [cluster(i.DBClusterIdentifier)]),
      ...passing('rds.amazonaws.com', [i.RoleArn]),
    ],
    AddRoleToDBInstance: (i) => [
      ...on('AddRoleToDBInstance', [db(i.DBInstanceIdentifier)]),
      ...passing('rds.amazonaws.com', [i.RoleArn]),
    ],
    AddTagsToResource: onNamed('AddTagsToResource'),
    CopyDBSnapshot: (i) => {
      const target = snapshot(i.TargetDBSnapshotIdentifier);
      const source = i.SourceDBSnapshotIdentifier;
      const from = source.startsWith('arn:') ? source : snapshot(source);
      return on('CopyDBSnapshot', [from, target], i.Tags, target);
    },
    CreateDBClusterSnapshot: (i) => {
      const target = clusterSnapshot(i.DBClusterSnapshotIdentifier);
      return on('CreateDBClusterSnapshot', [cluster(i.DBClusterIdentifier), target], i.Tags, target);
    },
    CreateDBInstance: (i) => [
      ...on(
        'CreateDBInstance',
        [
          db(i.DBInstanceIdentifier),
          ...named('cluster', i.DBClusterIdentifier),
          // all three are asked for also where the call leaves the choice to RDS, or to the cluster
          ...named('subgrp', i.DBSubnetGroupName ?? 'default'),
          ...named('og', i.OptionGroupName ?? `default:${i.Engine}-18`),
          ...named('pg', i.DBParameterGroupName ?? `default.${i.Engine}18`),
        ],
        i.Tags,
        db(i.DBInstanceIdentifier),
      ),
      ...passing('monitoring.rds.amazonaws.com', [i.MonitoringRoleArn]),
    ],
    // The snapshot's own ARN is needed too: the classic omission.
    CreateDBSnapshot: (i) => {
      const target = snapshot(i.DBSnapshotIdentifier);
      return on('CreateDBSnapshot', [db(i.DBInstanceIdentifier), target], i.Tags, target);
    },
    DeleteDBCluster: (i) => on('DeleteDBCluster', [cluster(i.DBClusterIdentifier)]),
    DeleteDBClusterSnapshot: (i) =>
      on('DeleteDBClusterSnapshot', [clusterSnapshot(i.DBClusterSnapshotIdentifier)]),
    DeleteDBInstance: (i) => [
      ...on('DeleteDBInstance', [db(i.DBInstanceIdentifier)]),
      ...(i.FinalDBSnapshotIdentifier
        ? on('CreateDBSnapshot', [db(i.DBInstanceIdentifier), snapshot(i.FinalDBSnapshotIdentifier)])
        : []),
    ],
    DeleteDBSnapshot: (i) => on('DeleteDBSnapshot', [snapshot(i.DBSnapshotIdentifier)]),
    DescribeDBClusters: (i) => on('DescribeDBClusters', [cluster(i.DBClusterIdentifier)]),
    DescribeDBClusterSnapshots: (i) =>
      on('DescribeDBClusterSnapshots', [
        i.DBClusterIdentifier && !i.DBClusterSnapshotIdentifier
          ? cluster(i.DBClusterIdentifier)
          : clusterSnapshot(i.DBClusterSnapshotIdentifier),
      ]),
    DescribeDBInstances: onInstance('DescribeDBInstances'),
    DescribeDBSnapshots: (i) =>
      on('DescribeDBSnapshots', [
        i.DBInstanceIdentifier && !i.DBSnapshotIdentifier
          ? db(i.DBInstanceIdentifier)
          : snapshot(i.DBSnapshotIdentifier),
      ]),
    DescribeDBSnapshotAttributes: (i) =>
      on('DescribeDBSnapshotAttributes', [snapshot(i.DBSnapshotIdentifier)]),
    ListTagsForResource: onNamed('ListTagsForResource'),
    ModifyDBCluster: (i) => [
      ...on('ModifyDBCluster', [
        cluster(i.DBClusterIdentifier),
        ...named('cluster-pg', i.DBClusterParameterGroupName),
      ]),
      ...passing('monitoring.rds.amazonaws.com', [i.MonitoringRoleArn]),
    ],
    ModifyDBInstance: (i) => [
      ...on('ModifyDBInstance', [
        db(i.DBInstanceIdentifier),
        ...named('db', i.NewDBInstanceIdentifier),
        ...named('pg', i.DBParameterGroupName),
        ...named('subgrp', i.DBSubnetGroupName),
      ]),
      ...passing('monitoring.rds.amazonaws.com', [i.MonitoringRoleArn]),
    ],
    RebootDBInstance: onInstance('RebootDBInstance'),
    RemoveTagsFromResource: onNamed('RemoveTagsFromResource'),
    RestoreDBClusterFromSnapshot: (i) =>
      on(
        'RestoreDBClusterFromSnapshot',
        [
          cluster(i.DBClusterIdentifier),
          clusterSnapshot(i.SnapshotIdentifier),
          ...named('subgrp', i.DBSubnetGroupName ?? 'default'),
          ...named('og', i.OptionGroupName ?? 'default:aurora-postgresql-18'),
          ...named('cluster-pg', i.DBClusterParameterGroupName ?? 'default.aurora-postgresql18'),
        ],
        i.Tags,
        cluster(i.DBClusterIdentifier),
      ),
    RestoreDBInstanceFromDBSnapshot: (i) =>
      on(
        'RestoreDBInstanceFromDBSnapshot',
        [
          db(i.DBInstanceIdentifier),
          snapshot(i.DBSnapshotIdentifier),
          // both are asked for also where the call leaves the choice to RDS
          ...named('subgrp', i.DBSubnetGroupName ?? 'default'),
          ...named('og', i.OptionGroupName ?? 'default:postgres-18'),
          ...named('pg', i.DBParameterGroupName),
        ],
        i.Tags,
        db(i.DBInstanceIdentifier),
      ),
    StartDBInstance: onInstance('StartDBInstance'),
    StopDBInstance: onInstance('StopDBInstance'),
  },
};
