import type { ECS, RunTaskRequest, RunTaskResponse } from '@aws-sdk/client-ecs';
import type { Clock } from '../../clock';
import type { Operations } from '../../service';
import { type Capacity, shortage } from './capacity';
import type { Clusters } from './clusters';
import { invalidParameter, tokenConflict } from './faults';
import { clusterArn, lastPart, taskArn } from './names';
import { propagated, refuseReserved } from './tag-rules';
import { describeTask, type Task } from './task';
import type { Definition, TaskDefinitions } from './task-definitions';
import type { Tasks } from './tasks';

const HOUR_MS = 3_600_000;
/** A token holds for a day at most, and no longer than an hour after its tasks (ECS guide, "Ensuring idempotency"). */
const TOKEN_MS = { longest: 24 * HOUR_MS, afterTasks: HOUR_MS };

interface Answered {
  parameters: string;
  started: Task[];
  at: number;
}

function hasExpired({ started, at }: Answered, now: number): boolean {
  const ends = started.map(({ stoppedAt }) => stoppedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return now > Math.min(at + TOKEN_MS.longest, Math.max(...ends) + TOKEN_MS.afterTasks);
}

export interface TaskOperationsParts {
  clock: Clock;
  clusters: Clusters;
  definitions: TaskDefinitions;
  tasks: Tasks;
  capacity: Capacity;
}

const MOST_TASKS = 10;
const MOST_DESCRIBED = 100;
const STARTED_BY = /^[A-Za-z0-9/_-]{0,128}$/;
const CLIENT_TOKEN = /^[\x21-\x7e]{1,64}$/;

function validate(input: RunTaskRequest, definition: Definition) {
  const { count = 1, clientToken, startedBy = '', overrides, networkConfiguration } = input;
  if (count < 1 || count > MOST_TASKS) throw invalidParameter(`Count should be between 1 and ${MOST_TASKS}.`);
  if (clientToken !== undefined && !CLIENT_TOKEN.test(clientToken)) {
    throw invalidParameter('Client token must be 1 to 64 ASCII characters in the range of 33-126.');
  }
  if (!STARTED_BY.test(startedBy)) {
    throw invalidParameter(
      'startedBy must be at most 128 letters (uppercase and lowercase), numbers, hyphens, forward slashes, and underscores.',
    );
  }
  refuseReserved(input.tags);
  if (input.propagateTags === 'SERVICE')
    throw invalidParameter('propagateTags SERVICE is for the tasks of a service.');
  if (definition.networkMode === 'awsvpc' && networkConfiguration?.awsvpcConfiguration === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const known = new Set(definition.containerDefinitions.map(({ name }) => name));
  for (const { name } of overrides?.containerOverrides ?? []) {
    if (!known.has(name)) {
      throw invalidParameter(
        `Override for container named ${name} is not a container in the TaskDefinition.`,
      );
    }
  }
}

type Answer = Pick<RunTaskResponse, 'tasks' | 'failures'>;

export function createTaskOperations({
  clock,
  clusters,
  definitions,
  tasks,
  capacity,
}: TaskOperationsParts): Operations<ECS> {
  /** What was started for a client token, and with which parameters. */
  const answered = new Map<string, Answered>();

  function run(
    input: RunTaskRequest,
    cluster: string,
    definition: Definition,
  ): { started: Task[]; answer: Answer } {
    const started: Task[] = [];
    const failures: Answer['failures'] = [];
    for (let index = 0; index < (input.count ?? 1); index++) {
      const reason = shortage(capacity, tasks, definition);
      // a shortage is no error of the call: it answers HTTP 200 with failures
      if (reason !== undefined) failures.push({ arn: clusterArn(cluster), reason });
      else {
        started.push(
          tasks.start({
            ...{
              cluster,
              definition,
              startedBy: input.startedBy,
              overrides: input.overrides,
              tags: [...propagated(input.propagateTags, { definition }), ...(input.tags ?? [])],
            },
            group: input.group ?? `family:${definition.family}`,
            launchType: input.launchType,
          }),
        );
      }
    }
    return { started, answer: { tasks: started.map(describeTask), failures } };
  }

  function find(cluster: string, identifier: string): Task | undefined {
    const task = tasks.find(lastPart(identifier));
    return task?.cluster === cluster ? task : undefined;
  }

  return {
    RunTask: (input) => {
      const cluster = clusters.require(input.cluster);
      const definition = definitions.requireActive(input.taskDefinition);
      validate(input, definition);
      const { clientToken, ...rest } = input;
      if (clientToken === undefined) return run(input, cluster, definition).answer;
      const key = `${cluster}/${clientToken}`;
      const parameters = JSON.stringify(rest);
      const known = answered.get(key);
      const before = known && !hasExpired(known, clock.now()) ? known : undefined;
      if (before === undefined) {
        const { started, answer } = run(input, cluster, definition);
        if (started.length > 0) answered.set(key, { parameters, started, at: clock.now() });
        return answer;
      }
      if (before.parameters !== parameters) throw tokenConflict(before.started.map(({ arn }) => arn));
      return { tasks: before.started.map(describeTask), failures: [] };
    },

    StopTask: ({ cluster, task: identifier, reason }) => {
      const task = find(clusters.require(cluster), identifier ?? '');
      if (task === undefined) throw invalidParameter('The referenced task was not found.');
      // it ends in its own time; the answer shows that it is asked to
      tasks.stop(task, 'UserInitiated', reason ?? 'Task stopped by user').catch(() => {});
      return { task: describeTask(task) };
    },

    DescribeTasks: ({ cluster: clusterName, tasks: identifiers = [], include = [] }) => {
      if (identifiers.length === 0) throw invalidParameter('Tasks cannot be empty.');
      if (identifiers.length > MOST_DESCRIBED)
        throw invalidParameter(`Tasks can have at most ${MOST_DESCRIBED} items.`);
      const cluster = clusters.require(clusterName);
      const found = identifiers.map((identifier) => find(cluster, identifier));
      return {
        tasks: found
          .filter((task) => task !== undefined)
          .map((task) => ({
            ...describeTask(task),
            ...(include.includes('TAGS') ? { tags: task.tags } : {}),
          })),
        failures: identifiers
          .filter((_, index) => found[index] === undefined)
          .map((identifier) => ({ arn: taskArn(cluster, lastPart(identifier)), reason: 'MISSING' })),
      };
    },

    ListTasks: (input) => {
      const cluster = clusters.require(input.cluster);
      const { desiredStatus = 'RUNNING', startedBy, serviceName, family } = input;
      if (startedBy !== undefined && (serviceName !== undefined || family !== undefined))
        throw invalidParameter('startedBy must be the only filter that is used.');
      return {
        taskArns: tasks
          .all()
          .filter((task) => task.cluster === cluster && task.desiredStatus === desiredStatus)
          .filter((task) => startedBy === undefined || task.startedBy === startedBy)
          .filter((task) => family === undefined || task.definition.family === family)
          .filter((task) => serviceName === undefined || task.group === `service:${lastPart(serviceName)}`)
          .map(({ arn }) => arn),
      };
    },
  };
}
