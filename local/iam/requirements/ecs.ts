import { arn } from '../../names';
import type { Context } from '../context';
import { ANY, type Lookups, passing, type Requirement, type Row, type Rows, tagContext } from './requirement';

const isArn = (text: string) => text.startsWith('arn:');
const clusterName = (cluster = 'default') => cluster.split('/').at(-1) ?? cluster;
const clusterArn = (cluster?: string) => arn('ecs', `cluster/${clusterName(cluster)}`);
const inCluster = (cluster?: string): Context => ({ 'ecs:cluster': clusterArn(cluster) });

/** Services and tasks are named within their cluster. */
const within = (type: 'service' | 'task', cluster: string | undefined, name: string) =>
  isArn(name) ? name : arn('ecs', `${type}/${clusterName(cluster)}/${name}`);

function taskDefinitionArn(taskDefinition: string): string {
  if (isArn(taskDefinition)) return taskDefinition;
  const revision = taskDefinition.includes(':') ? '' : ':*';
  return arn('ecs', `task-definition/${taskDefinition}${revision}`);
}

/** Tags given or propagated at creation need the right to tag what is being created. */
const tagging = (createAction: string, resource: string, tags: [] = [], propagates = false): Requirement[] =>
  tags.length || propagates
    ? [
        {
          action: 'ecs:TagResource',
          resources: [resource],
          context: { ...tagContext(tags), 'ecs:CreateAction': createAction },
        },
      ]
    : [];

// biome-ignore lint/suspicious/noExplicitAny: the input of RunTask
function runTask(i: any, lookups: Lookups): Requirement[] {
  const { taskRoleArn, executionRoleArn } = i.overrides ?? {};
  return [
    {
      action: 'ecs:RunTask',
      resources: [taskDefinitionArn(i.taskDefinition)],
      context: { ...inCluster(i.cluster), ...tagContext(i.tags) },
    },
    ...passing('ecs-tasks.amazonaws.com', [
      ...lookups.rolesOf(i.taskDefinition),
      taskRoleArn,
      executionRoleArn,
    ]),
    ...tagging(
      'RunTask',
      arn('ecs', `task/${clusterName(i.cluster)}/*`),
      i.tags,
      Boolean(i.enableECSManagedTags) || !['NONE', undefined].includes(i.propagateTags),
    ),
  ];
}

/** Reported from the field: only an update that names a task definition needs to pass its roles. */
const onService =
  (operation: 'CreateService' | 'UpdateService' | 'DeleteService'): Row =>
  (i, lookups) => {
    const service = within('service', i.cluster, i.service ?? i.serviceName);
    const context = {
      ...inCluster(i.cluster),
      ...tagContext(i.tags),
      ...(i.taskDefinition && { 'ecs:task-definition': taskDefinitionArn(i.taskDefinition) }),
    };
    return [
      { action: `ecs:${operation}`, resources: [service], context },
      ...(i.taskDefinition ? passing('ecs-tasks.amazonaws.com', lookups.rolesOf(i.taskDefinition)) : []),
      ...tagging(operation, service, i.tags),
    ];
  };

const onTasks =
  (operation: 'DescribeTasks' | 'GetTaskProtection' | 'UpdateTaskProtection'): Row =>
  (i) => [
    {
      action: `ecs:${operation}`,
      resources: (i.tasks ?? []).map((name: string) => within('task', i.cluster, name)),
      context: inCluster(i.cluster),
    },
  ];

const onNamed =
  (action: string): Row =>
  (i) => [{ action: `ecs:${action}`, resources: [i.resourceArn], context: tagContext(i.tags) }];

export const ecs: Rows = {
  prefix: 'ecs',
  operations: {
    CreateService: onService('CreateService'),
    DeleteService: onService('DeleteService'),
    DescribeClusters: (i) => [
      { action: 'ecs:DescribeClusters', resources: (i.clusters ?? ['default']).map(clusterArn) },
    ],
    DescribeServices: (i) => [
      {
        action: 'ecs:DescribeServices',
        resources: i.services.map((name: string) => within('service', i.cluster, name)),
        context: inCluster(i.cluster),
      },
    ],
    DescribeTasks: onTasks('DescribeTasks'),
    GetTaskProtection: onTasks('GetTaskProtection'),
    ListServices: (i) => [{ action: 'ecs:ListServices', resources: ANY, context: inCluster(i.cluster) }],
    ListTagsForResource: onNamed('ListTagsForResource'),
    ListTasks: (i) => [
      {
        action: 'ecs:ListTasks',
        resources: [arn('ecs', `container-instance/${clusterName(i.cluster)}/*`)],
        context: inCluster(i.cluster),
      },
    ],
    RegisterTaskDefinition: (i) => [
      {
        action: 'ecs:RegisterTaskDefinition',
        resources: [arn('ecs', `task-definition/${i.family}:*`)],
        context: tagContext(i.tags),
      },
      ...passing('ecs-tasks.amazonaws.com', [i.taskRoleArn, i.executionRoleArn]),
      ...tagging('RegisterTaskDefinition', arn('ecs', `task-definition/${i.family}:*`), i.tags),
    ],
    RunTask: runTask,
    StopTask: (i) => [
      {
        action: 'ecs:StopTask',
        resources: [within('task', i.cluster, i.task)],
        context: inCluster(i.cluster),
      },
    ],
    TagResource: onNamed('TagResource'),
    UntagResource: onNamed('UntagResource'),
    UpdateService: onService('UpdateService'),
    UpdateTaskProtection: onTasks('UpdateTaskProtection'),
  },
};
