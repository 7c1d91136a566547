import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Settings } from '../../../src/domain/settings/settings';
import { type Ground, type Slot, until } from './ground';

/** The tasks of the slots, and the one-shot ones. */
export interface Tasks {
  running(): Promise<Record<Slot, number>>;
  /** Sets how many tasks a slot is to have, as a scaling policy or a person does, and waits until so many run. */
  scale(slot: Slot, count: number): Promise<void>;
  /** Stops one of a slot's tasks from outside, as a person does by mistake. */
  loseTask(slot: Slot): Promise<void>;
  /** One-shot tasks with this mark, running or stopped. */
  marked(startedBy: string): Promise<{ status: string }[]>;
  /** One-shot tasks that run now. */
  migrationTasks(): Promise<number>;
  /** Tasks of the service's own versions that run beside its slots: trials. */
  trials(): Promise<string[]>;
  /** SIGKILL to everything that the one running task with this mark has started, as when a container is killed. */
  killTask(startedBy: string): Promise<void>;
}

export function tasksOf({ settings, clients: { ecs } }: Ground): Tasks {
  const { cluster, slots, migrations } = settings;
  const all: Tasks = {
    async running() {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [slots.a.service, slots.b.service] }),
      );
      const of = (slot: Slot) =>
        services.find(({ serviceName }) => serviceName === slots[slot].service)?.runningCount ?? -1;
      return { a: of('a'), b: of('b') };
    },
    async scale(slot, count) {
      const { service } = slots[slot];
      await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
      await until(async () => (await all.running())[slot] === count || undefined);
    },
    async loseTask(slot) {
      const { taskArns = [] } = await ecs.send(
        new ListTasksCommand({ cluster, serviceName: slots[slot].service }),
      );
      await ecs.send(new StopTaskCommand({ cluster, task: taskArns[0], reason: 'by mistake' }));
    },
    async marked(startedBy) {
      const arns = await Promise.all(
        (['RUNNING', 'STOPPED'] as const).map(async (desiredStatus) => {
          const { taskArns = [] } = await ecs.send(
            new ListTasksCommand({ cluster, startedBy, desiredStatus }),
          );
          return taskArns;
        }),
      );
      if (arns.flat().length === 0) return [];
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.flat() }));
      return tasks.map(({ lastStatus = '' }) => ({ status: lastStatus }));
    },
    async migrationTasks() {
      const { taskArns = [] } = await ecs.send(
        new ListTasksCommand({ cluster, family: migrations.taskDefinition }),
      );
      return taskArns.length;
    },
    async trials() {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
      if (taskArns.length === 0) return [];
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      return tasks
        .filter(({ startedBy }) => startedBy?.startsWith('greenlight/trial/'))
        .map(({ taskArn = '' }) => taskArn);
    },
    async killTask(startedBy) {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy }));
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      // locally a container is a process group, and its runtime id is its leader's
      process.kill(-Number(tasks[0]?.containers?.[0]?.runtimeId), 'SIGKILL');
    },
  };
  return all;
}

/** Runs a command of the service's own migration task, as an operator would. */
export async function migrate(
  {
    settings,
    clients: { ecs },
  }: {
    settings: Pick<Settings, 'cluster'> & {
      migrations: Pick<Settings['migrations'], 'taskDefinition' | 'container' | 'subnets'>;
    };
    clients: Pick<Ground['clients'], 'ecs'>;
  },
  command: string[],
): Promise<void> {
  const { cluster, migrations } = settings;
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: migrations.taskDefinition,
      launchType: 'FARGATE',
      overrides: { containerOverrides: [{ name: migrations.container, command }] },
      networkConfiguration: { awsvpcConfiguration: { subnets: migrations.subnets } },
    }),
  );
  const task = tasks?.[0]?.taskArn ?? '';
  const { code } = await until(async () => {
    const [seen] = (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }))).tasks ?? [];
    return seen?.lastStatus === 'STOPPED' ? { code: seen.containers?.[0]?.exitCode } : undefined;
  });
  if (code !== 0) throw new Error(`${command.join(' ')} ended with exit code ${code}`);
}
