import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  GetScheduleCommand,
  type GetScheduleOutput,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import type { Control } from '../domain/deployment/controller';
import { type Grant, inCluster, type Port } from '../domain/step/port';
import {
  judgeWorker,
  type WorkerActivity,
  type WorkerFleet,
  type WorkerLook,
  type WorkerTask,
} from '../domain/workers/moves';
import { type Worker, type WorkerService, workerName } from '../domain/workers/settings';
import { fleetReader, fleetScaler, type StoppedTasks } from './fleet';
import { workingTasksOf } from './task-health';

/** A worker as it stands. */
export interface WorkerNow {
  /** What it runs, or starts next. */
  taskDefinition: string;
  /** Of an ECS service: its tasks, and what replaces them. */
  fleet?: WorkerFleet & Control;
  /** ARN of the cluster that a rule or a schedule starts it in. */
  startsIn?: string;
}

export interface WorkerReader {
  /** Undefined where the worker is not there, or starts no Amazon ECS task. */
  now(cluster: string, worker: Worker): Promise<WorkerNow | undefined>;
}

export interface WorkerMover {
  /** Has a worker run another version, or start it from now on; all else of it stays as its owner has set it. */
  move(cluster: string, worker: Worker, taskDefinition: string): Promise<void>;
}

export interface WorkerSwitch {
  /** Undefined where the worker is not there. */
  activity(cluster: string, worker: Worker): Promise<WorkerActivity | undefined>;
  /** Stops a worker, or has it do again what it did. A rule is stopped with all of its targets. */
  set(cluster: string, worker: Worker, activity: WorkerActivity): Promise<void>;
}

export interface WorkerTasks {
  /** Tasks that run, are about to, or have not stopped yet, of a service or of a whole family. */
  running(cluster: string, of: { serviceName: string } | { family: string }): Promise<WorkerTask[]>;
}

type Started<Kind extends Worker['kind']> = Extract<Worker, { kind: Kind }>;

async function targetOf(
  events: EventBridgeClient,
  { rule: Rule, eventBus: EventBusName, target }: Started<'rule'>,
): Promise<Target | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await events
      .send(new ListTargetsByRuleCommand({ Rule, EventBusName, NextToken }))
      .catch(absent);
    const found = page?.Targets?.find(({ Id }) => Id === target);
    if (found) return found;
    NextToken = page?.NextToken;
  } while (NextToken);
  return undefined;
}

const scheduleOf = (
  scheduler: SchedulerClient,
  { schedule: Name, group: GroupName }: Started<'schedule'>,
): Promise<GetScheduleOutput | undefined> =>
  scheduler.send(new GetScheduleCommand({ Name, GroupName })).catch(absent);

function absent(error: unknown): undefined {
  if ((error as Error).name === 'ResourceNotFoundException') return undefined;
  throw error;
}

/** Members that GetSchedule answers with and UpdateSchedule does not take. Source: EventBridge Scheduler API Reference. */
const ANSWER_ONLY = ['$metadata', 'Arn', 'CreationDate', 'LastModificationDate'];

/** Whoever updates a schedule names its role again, and must be allowed to hand it over. */
const passScheduleRoles: Grant = {
  sid: 'PassScheduleRoles',
  actions: ['iam:PassRole'],
  on: ['scheduleRoles'],
  when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'scheduler.amazonaws.com' },
};

/**
 * An update replaces the whole schedule, and sets what it does not name to its default: so it names everything, but for a start that
 * is over. That holds nothing back any more, and EventBridge Scheduler refuses it: "The StartDate you specify cannot be earlier than 5
 * minutes ago" (https://github.com/getmoto/moto/pull/8172; the API Reference says nothing of it).
 */
async function updateSchedule(
  scheduler: SchedulerClient,
  worker: Started<'schedule'>,
  change: (schedule: UpdateScheduleCommandInput) => Partial<UpdateScheduleCommandInput>,
): Promise<void> {
  const found = await scheduleOf(scheduler, worker);
  const kept = Object.fromEntries(
    Object.entries(found ?? {}).filter(([member]) => !ANSWER_ONLY.includes(member)),
  ) as unknown as UpdateScheduleCommandInput;
  const begins = kept.StartDate && kept.StartDate.getTime() > Date.now() ? kept.StartDate : undefined;
  await scheduler.send(new UpdateScheduleCommand({ ...kept, StartDate: begins, ...change(kept) }));
}

export const workerReader: Port<WorkerReader> = {
  grants: [
    { sid: 'ReadWorkerServices', actions: ['ecs:DescribeServices'], on: ['workerServices'] },
    { sid: 'ReadWorkerRules', actions: ['events:ListTargetsByRule'], on: ['workerRules'] },
    { sid: 'ReadWorkerSchedules', actions: ['scheduler:GetSchedule'], on: ['workerSchedules'] },
  ],
  open(environment) {
    const fleets = fleetReader.open(environment);
    const events = new EventBridgeClient({});
    const scheduler = new SchedulerClient({});
    return {
      async now(cluster, worker) {
        if (worker.kind === 'service') {
          const fleet = await fleets.state(cluster, worker.service);
          return fleet && { taskDefinition: fleet.taskDefinition, fleet };
        }
        const { EcsParameters, Arn } =
          (worker.kind === 'rule'
            ? await targetOf(events, worker)
            : (await scheduleOf(scheduler, worker))?.Target) ?? {};
        return EcsParameters && { taskDefinition: EcsParameters.TaskDefinitionArn ?? '', startsIn: Arn };
      },
    };
  },
};

export const workerMover: Port<WorkerMover> = {
  grants: [
    { sid: 'MoveWorkerServices', actions: ['ecs:UpdateService'], on: ['workerServices'] },
    {
      sid: 'PassTaskRoles',
      actions: ['iam:PassRole'],
      on: ['taskRoles'],
      when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'ecs-tasks.amazonaws.com' },
    },
    {
      sid: 'MoveWorkerRules',
      actions: ['events:ListTargetsByRule', 'events:PutTargets'],
      on: ['workerRules'],
    },
    {
      sid: 'PassRuleRoles',
      actions: ['iam:PassRole'],
      on: ['ruleRoles'],
      when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'events.amazonaws.com' },
    },
    {
      sid: 'MoveWorkerSchedules',
      actions: ['scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
      on: ['workerSchedules'],
    },
    passScheduleRoles,
  ],
  open() {
    const ecs = new ECSClient({});
    const events = new EventBridgeClient({});
    const scheduler = new SchedulerClient({});

    async function moveRule(worker: Started<'rule'>, TaskDefinitionArn: string): Promise<void> {
      const target = await targetOf(events, worker);
      const { FailedEntries = [] } = await events.send(
        new PutTargetsCommand({
          Rule: worker.rule,
          EventBusName: worker.eventBus,
          Targets: [
            {
              ...target,
              Id: worker.target,
              Arn: target?.Arn,
              EcsParameters: { ...target?.EcsParameters, TaskDefinitionArn },
            },
          ],
        }),
      );
      // HTTP 200 with failures: the call succeeded, the target is as it was
      const [failed] = FailedEntries;
      if (failed) throw new Error(`${failed.ErrorCode}: ${failed.ErrorMessage} (${workerName(worker)})`);
    }

    const moveSchedule = (worker: Started<'schedule'>, TaskDefinitionArn: string) =>
      updateSchedule(scheduler, worker, ({ Target }) => ({
        Target: {
          ...Target,
          EcsParameters: { ...Target?.EcsParameters, TaskDefinitionArn },
        } as typeof Target,
      }));

    return {
      async move(cluster, worker, taskDefinition) {
        if (worker.kind === 'rule') return moveRule(worker, taskDefinition);
        if (worker.kind === 'schedule') return moveSchedule(worker, taskDefinition);
        await ecs.send(new UpdateServiceCommand({ cluster, service: worker.service, taskDefinition }));
      },
    };
  },
};

export const workerSwitch: Port<WorkerSwitch> = {
  grants: [
    {
      sid: 'SwitchWorkerServices',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      on: ['workerServices'],
    },
    {
      sid: 'SwitchWorkerRules',
      actions: ['events:DescribeRule', 'events:EnableRule', 'events:DisableRule'],
      on: ['workerRules'],
    },
    {
      sid: 'SwitchWorkerSchedules',
      actions: ['scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
      on: ['workerSchedules'],
    },
    passScheduleRoles,
  ],
  open(environment) {
    const fleets = fleetReader.open(environment);
    const scaler = fleetScaler.open(environment);
    const events = new EventBridgeClient({});
    const scheduler = new SchedulerClient({});
    return {
      async activity(cluster, worker) {
        if (worker.kind === 'service') {
          const fleet = await fleets.state(cluster, worker.service);
          return fleet && { desired: fleet.desired };
        }
        const found =
          worker.kind === 'rule'
            ? await events
                .send(new DescribeRuleCommand({ Name: worker.rule, EventBusName: worker.eventBus }))
                .catch(absent)
            : await scheduleOf(scheduler, worker);
        return found && { desired: found.State === 'DISABLED' ? 0 : 1 };
      },
      async set(cluster, worker, { desired }) {
        if (worker.kind === 'service') return scaler.scale(cluster, worker.service, desired);
        if (worker.kind === 'schedule')
          return updateSchedule(scheduler, worker, () => ({ State: desired > 0 ? 'ENABLED' : 'DISABLED' }));
        const rule = { Name: worker.rule, EventBusName: worker.eventBus };
        await (desired > 0
          ? events.send(new EnableRuleCommand(rule))
          : events.send(new DisableRuleCommand(rule)));
      },
    };
  },
};

export const workerTasks: Port<WorkerTasks> = {
  grants: [
    { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster },
    { sid: 'ReadTasks', actions: ['ecs:DescribeTasks'], on: ['tasks'] },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async running(cluster, of) {
        const tasks = await workingTasksOf(ecs, cluster, of);
        return tasks.map(
          ({ taskArn = '', taskDefinitionArn = '', healthStatus, startedAt, desiredStatus }) => ({
            task: taskArn,
            taskDefinition: taskDefinitionArn,
            health: healthStatus ?? 'UNKNOWN',
            runsSince: startedAt?.toISOString() ?? null,
            stopping: desiredStatus === 'STOPPED',
          }),
        );
      },
    };
  },
};

/** What a service comes to that was told to run a version. */
export async function lookAtWorker(
  ports: { workerTasks: WorkerTasks; stoppedTasks: StoppedTasks },
  cluster: string,
  {
    worker,
    ...seen
  }: {
    worker: WorkerService;
    fleet: WorkerFleet;
    wanted: { taskDefinition: string };
    /** When it was told. */
    since: string;
    now: Date;
    limitSeconds: number;
  },
): Promise<WorkerLook> {
  const [tasks, stops] = await Promise.all([
    ports.workerTasks.running(cluster, { serviceName: worker.service }),
    ports.stoppedTasks.of(cluster, worker.service),
  ]);
  return judgeWorker({
    name: workerName(worker),
    ...seen,
    tasks,
    stops,
    steadySeconds: worker.steadySeconds,
  });
}
