import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  type Task,
} from '@aws-sdk/client-ecs';
import { healthOfTasks } from '../domain/evidence/task-health';
import { type Grant, inCluster } from '../domain/step/port';

/** Of services that have no load balancer, whose targets would say it. */
export const readTaskHealth: readonly Grant[] = [
  { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster, where: 'pureWorkers' },
  { sid: 'ReadTasks', actions: ['ecs:DescribeTasks'], on: ['tasks'], where: 'pureWorkers' },
  { sid: 'ReadTaskDefinitions', actions: ['ecs:DescribeTaskDefinition'], on: '*', where: 'pureWorkers' },
];

/** Tasks, described: those that are to run, or those that were told to stop. A page is as many as can be described. */
async function tasksOf(
  ecs: ECSClient,
  cluster: string,
  of: { serviceName: string } | { family: string },
  desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING',
): Promise<Task[]> {
  const found: Task[] = [];
  const wanted = { cluster, ...of, desiredStatus };
  for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, wanted)) {
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    found.push(...tasks);
  }
  return found;
}

/** The tasks that still work: what was told to stop does so until it has. */
export async function workingTasksOf(
  ecs: ECSClient,
  cluster: string,
  of: { serviceName: string } | { family: string },
): Promise<Task[]> {
  const tasks = await Promise.all(
    (['RUNNING', 'STOPPED'] as const).map((desired) => tasksOf(ecs, cluster, of, desired)),
  );
  return tasks.flat().filter(({ lastStatus }) => lastStatus !== 'STOPPED');
}

/** The task definitions whose essential containers have a health check. */
async function checkedOf(ecs: ECSClient, tasks: readonly Task[]): Promise<string[]> {
  const definitions = [...new Set(tasks.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []))];
  const checked = await Promise.all(
    definitions.map(async (arn) => {
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      return (taskDefinition?.containerDefinitions ?? []).some(
        ({ essential, healthCheck }) =>
          essential !== false && healthCheck && healthCheck.command?.[0] !== 'NONE',
      );
    }),
  );
  return definitions.filter((_, index) => checked[index]);
}

/** What a target group says of a service's tasks, from ECS. */
export async function taskHealth(ecs: ECSClient, cluster: string, service: string) {
  const tasks = await tasksOf(ecs, cluster, { serviceName: service });
  const checked = await checkedOf(ecs, tasks);
  return {
    ...healthOfTasks(
      tasks.map(({ taskArn = '', lastStatus = '', healthStatus = 'UNKNOWN', taskDefinitionArn = '' }) => ({
        task: taskArn.split('/').at(-1) ?? '',
        status: lastStatus,
        health: healthStatus,
        checked: checked.includes(taskDefinitionArn),
      })),
    ),
    addresses: tasks.flatMap(({ containers = [] }) =>
      containers.flatMap(({ networkInterfaces = [] }) =>
        networkInterfaces.flatMap(({ privateIpv4Address }) => privateIpv4Address ?? []),
      ),
    ),
  };
}
