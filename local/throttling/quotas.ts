/** How many requests of some operations an account may make in a region, all its callers together. */
export interface Quota {
  name: string;
  /** SigV4 signing name. */
  service: string;
  /** The operations that share the bucket; all of the service's when absent. */
  operations?: readonly string[];
  /** How many may come at once. */
  burst: number;
  /** How many may come for ever. */
  perSecond: number;
}

const quota = (
  service: string,
  name: string,
  [burst, perSecond]: readonly [burst: number, perSecond: number],
  operations?: string,
): Quota => ({ service, name, burst, perSecond, operations: operations?.split(' ') });

/** A rate that AWS gives without a burst: a second's worth may come at once. */
const steady = (perSecond: number) => [perSecond, perSecond] as const;

/** Source: Amazon ECS API Reference, "Request throttling for the Amazon ECS API". */
const ecs = [
  quota('ecs', 'task definitions, modify', [20, 1], 'RegisterTaskDefinition DeregisterTaskDefinition'),
  quota(
    'ecs',
    'task definitions, read',
    [50, 20],
    'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies',
  ),
  quota('ecs', 'services, modify', [50, 5], 'CreateService UpdateService DeleteService'),
  quota('ecs', 'services, read', [100, 20], 'DescribeServices ListServices'),
  quota('ecs', 'tasks, modify', [100, 40], 'RunTask StartTask StopTask ExecuteCommand'),
  quota('ecs', 'tasks, read', [100, 20], 'DescribeTasks ListTasks'),
  quota('ecs', 'clusters, read', [50, 20], 'DescribeClusters ListClusters'),
];

/**
 * The first bucket is shared by all of the service's actions, whatever their own bucket holds; what AWS services call on
 * one's behalf has buckets of its own.
 * Source: Elastic Load Balancing User Guide, "Request throttling for the Elastic Load Balancing API".
 */
const elasticloadbalancing = [
  quota('elasticloadbalancing', 'all actions together', [40, 10]),
  quota(
    'elasticloadbalancing',
    'mutating',
    [20, 3],
    'CreateRule ModifyRule DeleteRule SetRulePriorities CreateListener ModifyListener DeleteListener CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup AddTags RemoveTags',
  ),
  quota('elasticloadbalancing', 'registration', [20, 4], 'RegisterTargets DeregisterTargets'),
];

/** Source: Amazon RDS User Guide, "Request throttling for the Amazon RDS API". */
const rds = [quota('rds', 'all actions together', [300, 12])];

/** In eu-west-1, us-east-1 and us-west-2. Source: AWS Step Functions Developer Guide, "Quotas", "API action throttling". */
const states = [
  quota('states', 'StartExecution', [1300, 300], 'StartExecution'),
  quota('states', 'DescribeExecution', [300, 15], 'DescribeExecution'),
  quota('states', 'GetExecutionHistory', [400, 20], 'GetExecutionHistory'),
  quota('states', 'ListExecutions', [200, 5], 'ListExecutions'),
  quota('states', 'StopExecution', [1000, 200], 'StopExecution'),
  quota('states', 'answers to tasks', [3000, 500], 'SendTaskSuccess SendTaskFailure SendTaskHeartbeat'),
];

/** Source: AWS General Reference, "AWS Systems Manager endpoints and quotas", Parameter Store, default throughput. */
const ssm = [quota('ssm', 'parameters, read', steady(40), 'GetParameter GetParameters GetParametersByPath')];

/** Source: AWS Secrets Manager User Guide, "AWS Secrets Manager quotas". */
const secretsmanager = [quota('secretsmanager', 'GetSecretValue', steady(10_000), 'GetSecretValue')];

/** Source: Amazon CloudWatch User Guide, "CloudWatch service quotas". */
const monitoring = [
  quota('monitoring', 'GetMetricData', steady(500), 'GetMetricData'),
  quota('monitoring', 'PutMetricData', steady(500), 'PutMetricData'),
  quota('monitoring', 'DescribeAlarms', steady(9), 'DescribeAlarms'),
  ...['DescribeAlarmHistory', 'PutMetricAlarm', 'SetAlarmState', 'DeleteAlarms'].map((operation) =>
    quota('monitoring', operation, steady(3), operation),
  ),
];

/** In eu-west-1. Source: Amazon EventBridge User Guide, "Amazon EventBridge quotas". */
const events = [quota('events', 'PutEvents', steady(10_000), 'PutEvents')];

/** In eu-west-1. Source: AWS General Reference, "Amazon Simple Notification Service endpoints and quotas". */
const sns = [quota('sns', 'Publish', steady(9000), 'Publish PublishBatch')];

/** A new on-demand table. Source: Amazon DynamoDB Developer Guide, "On-demand capacity mode", initial throughput. */
const dynamodb = [
  quota('dynamodb', 'table, read', steady(12_000), 'GetItem Query Scan BatchGetItem TransactGetItems'),
  quota('dynamodb', 'table, write', steady(4000), 'PutItem UpdateItem DeleteItem TransactWriteItems'),
];

/** One prefix. Source: Amazon S3 User Guide, "Best practices design patterns: optimizing Amazon S3 performance". */
const s3 = [
  quota('s3', 'prefix, read', steady(5500), 'GetObject HeadObject ListObjectsV2'),
  quota('s3', 'prefix, write', steady(3500), 'PutObject DeleteObject'),
];

/** The rates that AWS publishes, as they are before anybody asks for more, of the services that the local cloud has. */
export const AWS_QUOTAS: readonly Quota[] = [
  ...ecs,
  ...elasticloadbalancing,
  ...rds,
  ...states,
  ...ssm,
  ...secretsmanager,
  ...monitoring,
  ...events,
  ...sns,
  ...dynamodb,
  ...s3,
];

export const concerns = ({ service, operations }: Quota, call: { service: string; operation: string }) =>
  service === call.service && (operations === undefined || operations.includes(call.operation));
