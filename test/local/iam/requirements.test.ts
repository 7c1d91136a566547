import type { SchemaRef } from '@smithy/types';
import { signingNames } from '../../../local/endpoint/descriptions';
import { type Requirement, requirementsOf } from '../../../local/iam';
import { generate } from '../endpoint/generate';
import { randomFrom } from '../endpoint/random';
import { served, startEcho } from '../endpoint/round-trip';

const key = 'arn:aws:kms:eu-west-1:000000000000:key/own';
const machine = 'arn:aws:states:eu-west-1:000000000000:stateMachine:m';
const lookups = {
  rolesOf: () => ['arn:aws:iam::000000000000:role/task', 'arn:aws:iam::000000000000:role/execution'],
  machineOf: (token: string) => (token === 't' ? machine : undefined),
  keyOf: (resource: string) => (resource.includes('locked') ? key : undefined),
};

/** "action resource resource" for each requirement. */
const needs = (service: string, operation: string, input: object) =>
  requirementsOf(service, operation, input, lookups).map(({ action, resources }) =>
    [action, ...resources].join(' '),
  );

const ecs = 'arn:aws:ecs:eu-west-1:000000000000';
const rds = 'arn:aws:rds:eu-west-1:000000000000';
const pass = [
  'iam:PassRole arn:aws:iam::000000000000:role/task',
  'iam:PassRole arn:aws:iam::000000000000:role/execution',
];

test.each<[string, string, object, string[]]>([
  [
    'secretsmanager',
    'PutSecretValue',
    { SecretId: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:locked-abcdef' },
    [
      'secretsmanager:PutSecretValue arn:aws:secretsmanager:eu-west-1:000000000000:secret:locked-abcdef',
      `kms:GenerateDataKey ${key}`,
      `kms:Decrypt ${key}`,
    ],
  ],
  [
    's3',
    'GetObject',
    { Bucket: 'locked', Key: 'k' },
    ['s3:GetObject arn:aws:s3:::locked/k', `kms:Decrypt ${key}`],
  ],
  ['s3', 'ListObjectsV2', { Bucket: 'locked' }, ['s3:ListBucket arn:aws:s3:::locked']],
  [
    'rds',
    'RestoreDBInstanceFromDBSnapshot',
    {
      DBInstanceIdentifier: 'new',
      DBSnapshotIdentifier: 'locked',
      DBSubnetGroupName: 's',
      OptionGroupName: 'o',
    },
    [
      `rds:RestoreDBInstanceFromDBSnapshot ${rds}:db:new ${rds}:snapshot:locked ${rds}:subgrp:s ${rds}:og:o`,
      `kms:CreateGrant ${key}`,
      `kms:DescribeKey ${key}`,
    ],
  ],
  [
    'rds',
    'CreateDBSnapshot',
    { DBInstanceIdentifier: 'a', DBSnapshotIdentifier: 's' },
    [`rds:CreateDBSnapshot ${rds}:db:a ${rds}:snapshot:s`],
  ],
  [
    'rds',
    'CreateDBSnapshot',
    { DBInstanceIdentifier: 'a', DBSnapshotIdentifier: 's', Tags: [{ Key: 'k', Value: 'v' }] },
    [`rds:CreateDBSnapshot ${rds}:db:a ${rds}:snapshot:s`, `rds:AddTagsToResource ${rds}:snapshot:s`],
  ],
  [
    'rds',
    'RestoreDBInstanceFromDBSnapshot',
    { DBInstanceIdentifier: 'a', DBSnapshotIdentifier: 's', DBParameterGroupName: 'p' },
    [
      `rds:RestoreDBInstanceFromDBSnapshot ${rds}:db:a ${rds}:snapshot:s ${rds}:subgrp:default ${rds}:og:default:postgres-18 ${rds}:pg:p`,
    ],
  ],
  [
    'elasticloadbalancing',
    'CreateTargetGroup',
    { Name: 'page' },
    [
      'elasticloadbalancing:CreateTargetGroup arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/page/*',
    ],
  ],
  [
    'elasticloadbalancing',
    'CreateRule',
    {
      ListenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/main/1/2',
      Tags: [{ Key: 'greenlight', Value: 'Shop' }],
    },
    [
      'elasticloadbalancing:CreateRule arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/main/1/2',
      'elasticloadbalancing:AddTags arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/main/1/2/*',
    ],
  ],
  ['rds', 'DescribeDBInstances', {}, [`rds:DescribeDBInstances ${rds}:db:*`]],
  [
    'rds',
    'CreateDBClusterSnapshot',
    { DBClusterIdentifier: 'c', DBClusterSnapshotIdentifier: 's', Tags: [{ Key: 'k', Value: 'v' }] },
    [
      `rds:CreateDBClusterSnapshot ${rds}:cluster:c ${rds}:cluster-snapshot:s`,
      `rds:AddTagsToResource ${rds}:cluster-snapshot:s`,
    ],
  ],
  [
    'rds',
    'RestoreDBClusterFromSnapshot',
    { DBClusterIdentifier: 'c', SnapshotIdentifier: 's', DBClusterParameterGroupName: 'p' },
    [
      `rds:RestoreDBClusterFromSnapshot ${rds}:cluster:c ${rds}:cluster-snapshot:s ${rds}:subgrp:default ${rds}:og:default:aurora-postgresql-18 ${rds}:cluster-pg:p`,
    ],
  ],
  [
    'rds',
    'CreateDBInstance',
    { DBInstanceIdentifier: 'a', DBClusterIdentifier: 'c', Engine: 'aurora-postgresql' },
    [
      `rds:CreateDBInstance ${rds}:db:a ${rds}:cluster:c ${rds}:subgrp:default ${rds}:og:default:aurora-postgresql-18 ${rds}:pg:default.aurora-postgresql18`,
    ],
  ],
  [
    'application-autoscaling',
    'RegisterScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/main/web',
      ScalableDimension: 'ecs:service:DesiredCount',
    },
    [
      'application-autoscaling:RegisterScalableTarget arn:aws:application-autoscaling:eu-west-1:000000000000:scalable-target/*',
      `ecs:DescribeServices ${ecs}:service/main/web`,
      `ecs:UpdateService ${ecs}:service/main/web`,
    ],
  ],
  [
    'ecs',
    'GetTaskProtection',
    { cluster: 'main', tasks: ['t1'] },
    [`ecs:GetTaskProtection ${ecs}:task/main/t1`],
  ],
  [
    'ecs',
    'RunTask',
    { cluster: 'main', taskDefinition: 'app:3' },
    [`ecs:RunTask ${ecs}:task-definition/app:3`, ...pass],
  ],
  [
    'ecs',
    'RunTask',
    { cluster: 'main', taskDefinition: 'app:3', propagateTags: 'TASK_DEFINITION' },
    [`ecs:RunTask ${ecs}:task-definition/app:3`, ...pass, `ecs:TagResource ${ecs}:task/main/*`],
  ],
  [
    'states',
    'UpdateStateMachine',
    { stateMachineArn: 'arn:machine', roleArn: 'arn:role' },
    ['states:UpdateStateMachine arn:machine'],
  ],
  ['ecs', 'RunTask', { taskDefinition: 'app' }, [`ecs:RunTask ${ecs}:task-definition/app:*`, ...pass]],
  [
    'ecs',
    'UpdateService',
    { cluster: 'main', service: 'blue', desiredCount: 2 },
    [`ecs:UpdateService ${ecs}:service/main/blue`],
  ],
  [
    'ecs',
    'UpdateService',
    { cluster: 'main', service: 'blue', taskDefinition: 'app:3' },
    [`ecs:UpdateService ${ecs}:service/main/blue`, ...pass],
  ],
  [
    'ecs',
    'RegisterTaskDefinition',
    { family: 'app', containerDefinitions: [], taskRoleArn: 'arn:t' },
    [`ecs:RegisterTaskDefinition ${ecs}:task-definition/app:*`, 'iam:PassRole arn:t'],
  ],
  ['ecs', 'DescribeTaskDefinition', { taskDefinition: 'app' }, ['ecs:DescribeTaskDefinition *']],
  [
    'ecs',
    'DescribeTasks',
    { cluster: `${ecs}:cluster/main`, tasks: ['t'] },
    [`ecs:DescribeTasks ${ecs}:task/main/t`],
  ],
  [
    'elasticloadbalancing',
    'ModifyRule',
    { RuleArn: 'arn:rule' },
    ['elasticloadbalancing:ModifyRule arn:rule'],
  ],
  [
    'elasticloadbalancing',
    'DescribeRules',
    { RuleArns: ['arn:rule'] },
    ['elasticloadbalancing:DescribeRules *'],
  ],
  [
    'dynamodb',
    'TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 'a' } }, { ConditionCheck: { TableName: 'b' } }] },
    [
      'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:000000000000:table/a',
      'dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-west-1:000000000000:table/b',
    ],
  ],
  [
    'dynamodb',
    'Query',
    { TableName: 'a', IndexName: 'i' },
    ['dynamodb:Query arn:aws:dynamodb:eu-west-1:000000000000:table/a/index/i'],
  ],
  ['monitoring', 'GetMetricData', {}, ['cloudwatch:GetMetricData *']],
  [
    'monitoring',
    'DescribeAlarmHistory',
    { AlarmName: 'a' },
    ['cloudwatch:DescribeAlarmHistory arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a'],
  ],
  [
    'events',
    'PutEvents',
    { Entries: [{}] },
    ['events:PutEvents arn:aws:events:eu-west-1:000000000000:event-bus/default'],
  ],
  [
    'ssm',
    'GetParameter',
    { Name: '/a/b' },
    ['ssm:GetParameter arn:aws:ssm:eu-west-1:000000000000:parameter/a/b'],
  ],
  ['states', 'SendTaskSuccess', { taskToken: 't', output: '{}' }, [`states:SendTaskSuccess ${machine}`]],
  ['states', 'SendTaskFailure', { taskToken: 'nobody' }, ['states:SendTaskFailure *']],
  [
    'lambda',
    'Invoke',
    { FunctionName: 'f' },
    ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:000000000000:function:f'],
  ],
])('%s:%s needs the actions that AWS asks for', (service, operation, input, expected) => {
  expect(needs(service, operation, input)).toEqual(expected);
});

const contextOf = (service: string, operation: string, input: object, action: string) =>
  requirementsOf(service, operation, input, lookups).find((requirement) => requirement.action === action)
    ?.context;

test('context keys say the cluster, the service a role is passed to, the namespace and the tags', () => {
  const run = { cluster: 'main', taskDefinition: 'app:3', tags: [{ key: 'team', value: 'web' }] };
  const tags = { 'aws:RequestTag/team': 'web', 'aws:TagKeys': ['team'] };
  expect(contextOf('ecs', 'RunTask', run, 'ecs:RunTask')).toEqual({
    'ecs:cluster': `${ecs}:cluster/main`,
    ...tags,
  });
  expect(contextOf('ecs', 'RunTask', run, 'iam:PassRole')).toEqual({
    'iam:PassedToService': 'ecs-tasks.amazonaws.com',
  });
  expect(contextOf('ecs', 'RunTask', run, 'ecs:TagResource')).toEqual({
    'ecs:CreateAction': 'RunTask',
    ...tags,
  });
  expect(contextOf('s3', 'PutObject', { Bucket: 'locked', Key: 'k' }, 'kms:GenerateDataKey')).toEqual({
    'kms:ViaService': 's3.eu-west-1.amazonaws.com',
  });
  expect(contextOf('monitoring', 'PutMetricData', { Namespace: 'N' }, 'cloudwatch:PutMetricData')).toEqual({
    'cloudwatch:namespace': 'N',
  });
});

test('every operation of every service says what it needs, whatever its input', async () => {
  const { endpoint, descriptions } = await startEcho();
  await endpoint.close();
  expect(descriptions).toHaveLength(signingNames.length);
  for (const description of descriptions) {
    for (const [, , operation, , schema] of served(description)) {
      for (const seed of [1, 2, 3]) {
        const input = (generate(schema as SchemaRef, randomFrom(seed)) ?? {}) as object;
        const needed: readonly Requirement[] = requirementsOf(
          description.signingName,
          operation,
          input,
          lookups,
        );
        for (const { action, resources } of needed) {
          expect(action).toMatch(/^[a-z-]+\d?:\w+$/);
          expect(resources.every((resource) => typeof resource === 'string')).toBe(true);
        }
      }
    }
  }
});
