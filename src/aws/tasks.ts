import { createHash } from 'node:crypto';
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { stopReason } from '../domain/privacy/values';
import { TransientFault } from '../domain/step/errors';
import { type Grant, inCluster, type Port } from '../domain/step/port';

/** A task that no service starts: a migration, a test, a trial. */
export interface TaskRun {
  cluster: string;
  taskDefinition: string;
  /** What one container runs in place of its own command. */
  instead?: { container: string; command: string[]; environment: { name: string; value: string }[] };
  network: Network;
  /** Marks the task, so that it is found again after a crash; at most 128 characters. */
  startedBy: string;
  /** Where a mark is started more than once: which time. */
  time?: string;
}
/** Where a task gets its address. */
export interface Network {
  subnets: string[];
  securityGroups: string[];
  /** Without a way out of its subnet a task needs one to fetch its image. */
  publicIp?: boolean;
}
export type Started = { started: true; task: string } | { started: false; cause: string };

export interface TaskRunner {
  /** Runs at most one task per `startedBy` and `time`, however often it is asked: the token is made from them. */
  run(task: TaskRun): Promise<Started>;
}

/** `missing`: ECS does not show the task (yet): it is eventually consistent. */
export interface TaskState {
  status: 'missing' | 'running' | 'stopped';
  /** Since when all of its containers run; null before. */
  runsSince: string | null;
  /** By the health checks of its containers; `UNKNOWN` as long as none has come to an answer, or where there is none. */
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  exitCodes: Record<string, number | undefined>;
  detail: string;
}
export interface TaskReader {
  state(cluster: string, task: string): Promise<TaskState>;
}

export interface TaskFinder {
  /** Tasks with this mark that run or are about to. */
  running(cluster: string, startedBy: string): Promise<string[]>;
}

export interface TaskStopper {
  stop(cluster: string, task: string, reason: string): Promise<void>;
}

/**
 * A task has succeeded only when every essential container says so: a container that never started has no
 * exit code, and a service that runs proves nothing about it.
 */
export function succeeded(state: TaskState, essential: string[]): boolean {
  return state.status === 'stopped' && essential.every((name) => state.exitCodes[name] === 0);
}

/** Placement failures that pass by themselves. Source: Amazon ECS Developer Guide, "API failures messages". */
const PASSING = /^RESOURCE:|capacity is unavailable/i;

/** ECS runs a task under these roles, so whoever names them must be allowed to hand them over. */
const passTaskRoles: Grant = {
  sid: 'PassTaskRoles',
  actions: ['iam:PassRole'],
  on: ['taskRoles'],
  when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'ecs-tasks.amazonaws.com' },
};

/** Asked for wherever tags are propagated, also where there are none. */
const tagTasks: Grant = {
  sid: 'TagTasks',
  actions: ['ecs:TagResource'],
  on: ['tasks'],
  when: { operator: 'StringEquals', key: 'ecs:CreateAction', text: 'RunTask' },
};

export const taskRunner: Port<TaskRunner> = {
  grants: [
    { sid: 'RunTasks', actions: ['ecs:RunTask'], on: ['taskDefinitions'], when: inCluster },
    passTaskRoles,
    tagTasks,
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async run(task) {
        const { tasks = [], failures = [] } = await ecs.send(
          new RunTaskCommand({
            cluster: task.cluster,
            taskDefinition: task.taskDefinition,
            launchType: 'FARGATE',
            count: 1,
            clientToken: createHash('sha256')
              .update([task.startedBy, ...(task.time ? [task.time] : [])].join(' '))
              .digest('hex'),
            startedBy: task.startedBy,
            propagateTags: 'TASK_DEFINITION',
            networkConfiguration: {
              awsvpcConfiguration: {
                subnets: task.network.subnets,
                securityGroups: task.network.securityGroups,
                assignPublicIp: task.network.publicIp ? 'ENABLED' : 'DISABLED',
              },
            },
            overrides: task.instead && {
              containerOverrides: [
                {
                  name: task.instead.container,
                  command: task.instead.command,
                  environment: task.instead.environment,
                },
              ],
            },
          }),
        );
        const arn = tasks[0]?.taskArn;
        if (arn) return { started: true, task: arn };
        // HTTP 200 with failures: the call succeeded, the task does not exist
        const cause = failures
          .map(({ reason, detail }) => [reason, detail].filter(Boolean).join(', '))
          .join('; ');
        if (PASSING.test(cause)) throw new TransientFault(`ECS cannot place the task: ${cause}`);
        return { started: false, cause: `ECS did not start the task: ${cause || 'no reason given'}` };
      },
    };
  },
};

/** Runs trials, and nothing of the families that serve and migrate. */
export const trialRunner: Port<TaskRunner> = {
  grants: [
    { sid: 'RunTrials', actions: ['ecs:RunTask'], on: ['trialDefinitions'], when: inCluster },
    passTaskRoles,
    tagTasks,
  ],
  open: taskRunner.open,
};

export const taskReader: Port<TaskReader> = {
  grants: [{ sid: 'ReadTasks', actions: ['ecs:DescribeTasks'], on: ['tasks'] }],
  open() {
    const ecs = new ECSClient({});
    return {
      async state(cluster, task) {
        const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
        const found = tasks?.[0];
        if (!found)
          return {
            status: 'missing',
            runsSince: null,
            health: 'UNKNOWN',
            exitCodes: {},
            detail: `ECS does not show task ${task}`,
          };
        const exitCodes = Object.fromEntries((found.containers ?? []).map((c) => [c.name ?? '', c.exitCode]));
        const exits = (found.containers ?? [])
          .map(
            (c) =>
              `${c.name} ${c.exitCode === undefined ? `without exit code${c.reason ? ` (${c.reason})` : ''}` : `exit code ${c.exitCode}`}`,
          )
          .join(', ');
        const stopped = found.lastStatus === 'STOPPED';
        return {
          status: stopped ? 'stopped' : 'running',
          runsSince: found.startedAt?.toISOString() ?? null,
          health: found.healthStatus ?? 'UNKNOWN',
          exitCodes,
          detail: stopped
            ? `${found.stopCode}: ${stopReason(found)} (${exits})`
            : `task is ${found.lastStatus}`,
        };
      },
    };
  },
};

export const taskFinder: Port<TaskFinder> = {
  grants: [{ sid: 'FindTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster }],
  open() {
    const ecs = new ECSClient({});
    return {
      async running(cluster, startedBy) {
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy }));
        return taskArns;
      },
    };
  },
};

export const taskStopper: Port<TaskStopper> = {
  grants: [{ sid: 'StopTasks', actions: ['ecs:StopTask'], on: ['tasks'] }],
  open() {
    const ecs = new ECSClient({});
    return {
      async stop(cluster, task, reason) {
        await ecs.send(new StopTaskCommand({ cluster, task, reason }));
      },
    };
  },
};
