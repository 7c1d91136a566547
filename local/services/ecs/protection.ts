import type { ECS, Failure, ProtectedTask } from '@aws-sdk/client-ecs';
import type { Clock } from '../../clock';
import type { Operations } from '../../service';
import type { Clusters } from './clusters';
import { invalidParameter } from './faults';
import { lastPart, taskArn } from './names';
import type { Task } from './task';
import type { Tasks } from './tasks';

const MINUTE_MS = 60_000;
const MOST_MINUTES = 2_880;
const USUAL_MINUTES = 120;
const MOST_TOLD = 100;
const MOST_CHANGED = 10;

export const isProtected = ({ protectedUntil }: Task, now: number) =>
  protectedUntil !== undefined && protectedUntil > now;

/**
 * Protection from being scaled in, which ends by itself. It holds against a smaller count and against a deployment; who
 * stops the task itself, or finds it unhealthy, does not ask.
 * Source: Amazon ECS Developer Guide, "Protect your Amazon ECS tasks from being terminated by scale-in events".
 */
export function createProtectionOperations({
  clock,
  clusters,
  tasks,
}: {
  clock: Clock;
  clusters: Clusters;
  tasks: Tasks;
}): Operations<ECS> {
  function describe(task: Task): ProtectedTask {
    const protectionEnabled = isProtected(task, clock.now());
    return {
      taskArn: task.arn,
      protectionEnabled,
      ...(protectionEnabled && { expirationDate: new Date(task.protectedUntil!) }),
    };
  }

  /** The tasks of services among those that are named, and why the others are none (API failure reasons). */
  function select(clusterName: string | undefined, identifiers: string[]) {
    const cluster = clusters.require(clusterName);
    const found: Task[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const task = tasks.find(lastPart(identifier));
      const arn = taskArn(cluster, lastPart(identifier));
      if (task?.cluster !== cluster) failures.push({ arn, reason: 'MISSING' });
      else if (!task.group.startsWith('service:') || task.desiredStatus === 'STOPPED')
        failures.push({ arn, reason: 'TASK_NOT_VALID' });
      else found.push(task);
    }
    return { found, failures };
  }

  return {
    GetTaskProtection: ({ cluster, tasks: identifiers = [] }) => {
      if (identifiers.length === 0) throw invalidParameter('Tasks cannot be empty.');
      if (identifiers.length > MOST_TOLD)
        throw invalidParameter(`Tasks can have at most ${MOST_TOLD} items.`);
      const { found, failures } = select(cluster, identifiers);
      return { protectedTasks: found.map(describe), failures };
    },

    UpdateTaskProtection: ({ cluster, tasks: identifiers = [], protectionEnabled, expiresInMinutes }) => {
      if (identifiers.length === 0) throw invalidParameter('Tasks cannot be empty.');
      if (identifiers.length > MOST_CHANGED)
        throw invalidParameter(`Tasks can have at most ${MOST_CHANGED} items.`);
      const minutes = expiresInMinutes ?? USUAL_MINUTES;
      if (minutes < 1 || minutes > MOST_MINUTES)
        throw invalidParameter(`expiresInMinutes should be between 1 and ${MOST_MINUTES}.`);
      const { found, failures } = select(cluster, identifiers);
      for (const task of found)
        task.protectedUntil = protectionEnabled ? clock.now() + minutes * MINUTE_MS : undefined;
      return { protectedTasks: found.map(describe), failures };
    },
  };
}
