import {
  DBClusterNotFoundFault,
  DBClusterSnapshotNotFoundFault,
  DBInstanceNotFoundFault,
  DBSnapshotNotFoundFault,
} from '@aws-sdk/client-rds';
import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { items } from './items';
import { type Kind, listed, type Read, type Shape, seen } from './kind';

const $metadata = {};

/** Amazon ECS tells of what is not there in `failures`, with HTTP 200. Source: Developer Guide, "API failures messages". */
const withFailures =
  (list: string): Read['showing'] =>
  (shown, output, _, missing) => ({
    ...output,
    [list]: shown,
    failures: [...(output.failures ?? []), ...missing.map((arn) => ({ arn, reason: 'MISSING' }))],
  });

const tasks = listed('tasks', ({ taskArn }) => taskArn, { showing: withFailures('tasks') });
const services = listed('services', ({ serviceArn }) => serviceArn, { showing: withFailures('services') });
const arns = (list: string) => listed(list, (arn) => arn);

/** Whether one is asked for that a name stands for, or all of them. */
const named = (member: string) => (entity: Shape, input: Shape) =>
  input[member] === undefined || input[member].toLowerCase() === entity[member];

/** RDS has a fault for a name that it does not know. */
const orFault =
  (list: string, member: string, fault: (name: string) => Error): Read['showing'] =>
  (shown, output, input) => {
    if (shown.length === 0 && input[member] !== undefined) throw fault(input[member]);
    return { ...output, [list]: shown };
  };

const instances = listed('DBInstances', ({ DbiResourceId }) => DbiResourceId, {
  showing: orFault(
    'DBInstances',
    'DBInstanceIdentifier',
    (name) => new DBInstanceNotFoundFault({ message: `DBInstance ${name} not found.`, $metadata }),
  ),
  concerns: named('DBInstanceIdentifier'),
});
const snapshots = listed('DBSnapshots', ({ DBSnapshotIdentifier }) => DBSnapshotIdentifier, {
  showing: orFault(
    'DBSnapshots',
    'DBSnapshotIdentifier',
    (name) => new DBSnapshotNotFoundFault({ message: `DBSnapshot ${name} not found.`, $metadata }),
  ),
  concerns: (snapshot, input) =>
    named('DBSnapshotIdentifier')(snapshot, input) && named('DBInstanceIdentifier')(snapshot, input),
});

const clusters = listed('DBClusters', ({ DbClusterResourceId }) => DbClusterResourceId, {
  showing: orFault(
    'DBClusters',
    'DBClusterIdentifier',
    (name) => new DBClusterNotFoundFault({ message: `DBCluster ${name} not found.`, $metadata }),
  ),
  concerns: named('DBClusterIdentifier'),
});
const clusterSnapshots = listed(
  'DBClusterSnapshots',
  ({ DBClusterSnapshotIdentifier }) => DBClusterSnapshotIdentifier,
  {
    showing: orFault(
      'DBClusterSnapshots',
      'DBClusterSnapshotIdentifier',
      (name) =>
        new DBClusterSnapshotNotFoundFault({ message: `DBClusterSnapshot ${name} not found.`, $metadata }),
    ),
    concerns: (snapshot, input) =>
      named('DBClusterSnapshotIdentifier')(snapshot, input) && named('DBClusterIdentifier')(snapshot, input),
  },
);

const rules = listed('Rules', ({ RuleArn }) => RuleArn);

/** The answer is the execution. */
const execution: Read = {
  shown: (output) => [output],
  showing([shown], _, { executionArn }) {
    if (shown) return shown;
    throw new ExecutionDoesNotExist({ message: `Execution Does Not Exist: '${executionArn}'`, $metadata });
  },
  key: ({ executionArn }) => executionArn,
};

const cluster = seen('DescribeDBClusters', clusters, ({ DBClusterIdentifier }) => ({ DBClusterIdentifier }));
const database = seen('DescribeDBInstances', instances, ({ DBInstanceIdentifier }) => ({
  DBInstanceIdentifier,
}));
const madeInstance = { made: ({ DBInstance }: Shape) => [DBInstance.DbiResourceId] };

/**
 * What lags. Amazon S3 does not: it is strongly consistent (User Guide, "Amazon S3 data consistency model"), and reads that
 * AWS neither documents nor is known to answer late are answered as things stand.
 */
export const KINDS: readonly Kind[] = [
  {
    // Amazon ECS API Reference, RunTask: "follows an eventual consistency model"; look again after a couple of seconds
    ...{ service: 'ecs', lagMs: 3_000 },
    reads: { DescribeTasks: tasks, ListTasks: arns('taskArns') },
    writes: {
      RunTask: { made: ({ tasks }) => tasks.map(({ taskArn }: Shape) => taskArn) },
      StopTask: {
        before: seen('DescribeTasks', tasks, ({ cluster, task }) => ({ cluster, tasks: [task] })),
      },
    },
  },
  {
    // the same page
    ...{ service: 'ecs', lagMs: 3_000 },
    reads: { DescribeServices: services, ListServices: arns('serviceArns') },
    writes: {
      CreateService: { made: ({ service }) => [service.serviceArn] },
      UpdateService: {
        before: seen('DescribeServices', services, ({ cluster, service }) => ({
          cluster,
          services: [service],
        })),
      },
    },
  },
  {
    // seen in the field: hashicorp/terraform-provider-aws#36241
    ...{ service: 'rds', lagMs: 3_000 },
    reads: { DescribeDBInstances: instances },
    writes: {
      CreateDBInstance: madeInstance,
      RestoreDBInstanceFromDBSnapshot: madeInstance,
      ModifyDBInstance: { before: database },
      DeleteDBInstance: { before: database },
    },
  },
  {
    // the same
    ...{ service: 'rds', lagMs: 3_000 },
    reads: { DescribeDBSnapshots: snapshots },
    writes: {
      CreateDBSnapshot: { made: ({ DBSnapshot }) => [DBSnapshot.DBSnapshotIdentifier] },
      DeleteDBSnapshot: {
        before: seen('DescribeDBSnapshots', snapshots, ({ DBSnapshotIdentifier }) => ({
          DBSnapshotIdentifier,
        })),
      },
    },
  },
  {
    // the same
    ...{ service: 'rds', lagMs: 3_000 },
    reads: { DescribeDBClusters: clusters },
    writes: {
      RestoreDBClusterFromSnapshot: { made: ({ DBCluster }) => [DBCluster.DbClusterResourceId] },
      ModifyDBCluster: { before: cluster },
      DeleteDBCluster: { before: cluster },
    },
  },
  {
    // the same
    ...{ service: 'rds', lagMs: 3_000 },
    reads: { DescribeDBClusterSnapshots: clusterSnapshots },
    writes: {
      CreateDBClusterSnapshot: {
        made: ({ DBClusterSnapshot }) => [DBClusterSnapshot.DBClusterSnapshotIdentifier],
      },
      DeleteDBClusterSnapshot: {
        before: seen('DescribeDBClusterSnapshots', clusterSnapshots, ({ DBClusterSnapshotIdentifier }) => ({
          DBClusterSnapshotIdentifier,
        })),
      },
    },
  },
  {
    // what a read tells of a rule is no proof that requests follow it, nor the other way round: argoproj/argo-rollouts#4595
    ...{ service: 'elasticloadbalancing', lagMs: 2_000 },
    reads: { DescribeRules: rules },
    writes: {
      CreateRule: { made: ({ Rules }) => Rules.map(({ RuleArn }: Shape) => RuleArn) },
      ModifyRule: { before: seen('DescribeRules', rules, ({ RuleArn }) => ({ RuleArns: [RuleArn] })) },
    },
  },
  {
    // AWS Step Functions API Reference, DescribeExecution and ListExecutions: "eventually consistent", "best effort"
    ...{ service: 'states', lagMs: 2_000 },
    reads: {
      DescribeExecution: execution,
      ListExecutions: listed('executions', ({ executionArn }) => executionArn),
    },
    writes: {
      StartExecution: { made: ({ executionArn }) => [executionArn] },
      StopExecution: {
        before: seen('DescribeExecution', execution, ({ executionArn }) => ({ executionArn })),
      },
    },
  },
  // Amazon DynamoDB Developer Guide, "Read consistency": usually within one second
  { service: 'dynamodb', lagMs: 1_000, ...items() },
];
