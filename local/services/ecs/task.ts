import type { ChildProcess } from 'node:child_process';
import type {
  ContainerDefinition,
  HealthStatus,
  Tag,
  TaskOverride,
  Task as TaskShape,
  TaskStopCode,
} from '@aws-sdk/client-ecs';
import { REGION } from '../../names';
import type { Target } from '../../service';
import type { Image } from '../ecr';
import { isChecked } from './health-check';
import { clusterArn } from './names';
import type { Definition } from './task-definitions';

export interface TaskContainer {
  readonly name: string;
  readonly arn: string;
  readonly definition: ContainerDefinition;
  image?: Image;
  /** While it runs. */
  process?: ChildProcess;
  /** Undefined before it was started. */
  runtimeId?: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** By its own health check, where it has one. */
  health: HealthStatus;
  /** Absent when the container never ran. */
  exitCode?: number;
  reason?: string;
  /** Where it listens, when it has a port mapping. */
  address?: Target;
  /** The newest lines of its output, for messages about its end. */
  lastLines: string[];
  /** Resolves when its process has ended and its output is complete. */
  ended?: Promise<void>;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly definition: Definition;
  readonly containers: TaskContainer[];
  readonly group: string;
  readonly startedBy?: string;
  readonly overrides: TaskOverride;
  readonly launchType: 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES';
  readonly tags: Tag[];
  readonly createdAt: Date;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  startedAt?: Date;
  stoppingAt?: Date;
  stoppedAt?: Date;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  version: number;
  /** Until then it is not scaled in, in cloud time; absent when it may be. */
  protectedUntil?: number;
  /** Takes the task out of its target groups; resolves when the deregistration delay is over. */
  drain?: () => Promise<void>;
  /** Resolves when the task is STOPPED. */
  readonly ended: Promise<void>;
}

/**
 * Of the essential containers that have a check, as soon as there is one; else nobody knows.
 * Source: ECS Developer Guide, "Determine Amazon ECS task health using container health checks".
 */
export function healthOfTask({ containers }: Task): HealthStatus {
  const seen = containers
    .filter(({ definition }) => definition.essential && isChecked(definition))
    .map(({ health }) => health);
  if (seen.includes('UNHEALTHY')) return 'UNHEALTHY';
  return seen.length === 0 || seen.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY';
}

export function describeTask(task: Task): TaskShape {
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(task.cluster),
    taskDefinitionArn: task.definition.taskDefinitionArn,
    group: task.group,
    startedBy: task.startedBy,
    launchType: task.launchType,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: healthOfTask(task),
    connectivity: 'CONNECTED',
    availabilityZone: `${REGION}a`,
    cpu: task.definition.cpu,
    memory: task.definition.memory,
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    executionStoppedAt: task.stoppedAt,
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    overrides: task.overrides,
    attachments: [],
    version: task.version,
    containers: task.containers.map((container) => ({
      containerArn: container.arn,
      taskArn: task.arn,
      name: container.name,
      image: container.definition.image,
      imageDigest: container.image?.digest,
      runtimeId: container.runtimeId,
      lastStatus: container.lastStatus,
      exitCode: container.exitCode,
      reason: container.reason,
      healthStatus: container.health,
      networkBindings: container.address
        ? [
            {
              bindIP: container.address.id,
              hostPort: container.address.port,
              containerPort: container.definition.portMappings?.[0]?.containerPort,
              protocol: 'tcp' as const,
            },
          ]
        : [],
      // on Fargate each task has an address of its own; here all of them have this machine's
      networkInterfaces: container.process ? [{ privateIpv4Address: '127.0.0.1' }] : [],
    })),
  };
}

/** Why a task ended, in one line: its reason, its containers' reasons and exit codes, and their last words. */
export function endOf(task: Task): string {
  const containers = task.containers.map(({ name, exitCode, reason, lastLines }) =>
    [
      `${name}: ${reason ?? (exitCode === undefined ? 'never ran' : `exit code ${exitCode}`)}`,
      lastLines.at(-1),
    ]
      .filter(Boolean)
      .join(', last output: '),
  );
  return `${task.stoppedReason ?? task.lastStatus} (${containers.join('; ')})`;
}
