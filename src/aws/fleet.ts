import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Revision } from '../domain/deployment/claims';
import type { Stop } from '../domain/evidence/fleet';
import { inCluster, type Port } from '../domain/step/port';

/** An ECS service as a deployment sees it. */
export interface FleetState {
  taskDefinition: string;
  desired: number;
  running: number;
  /** Task definitions with tasks that still run or are wanted; one when the rollout is over. */
  rollingOut: boolean;
  failedTasks: number;
  /** The newest service events, newest first. */
  events: string[];
}

export interface FleetReader {
  state(cluster: string, service: string): Promise<FleetState | undefined>;
}

export interface FleetScaler {
  scale(cluster: string, service: string, desired: number): Promise<void>;
}

export interface FleetReleaser {
  /** Runs a task definition as the service's newest version. */
  release(cluster: string, service: string, taskDefinition: string, desired: number): Promise<void>;
}

export interface FleetRoller {
  /**
   * Replaces the service's tasks by those of another version, a few at a time, never fewer than are wanted; ECS goes back
   * by itself when they keep failing.
   */
  roll(cluster: string, service: string, taskDefinition: string): Promise<void>;
}

export interface ReleaseWriter {
  /** A new revision of a task definition with another image in one container. */
  revise(from: string, container: string, image: string): Promise<Revision>;
}

export const fleetReader: Port<FleetReader> = {
  grants: [{ sid: 'ReadServices', actions: ['ecs:DescribeServices'], on: ['services'] }],
  open() {
    const ecs = new ECSClient({});
    return {
      async state(cluster, service) {
        const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
        const found = services?.find(({ status }) => status === 'ACTIVE');
        if (!found) return undefined;
        const primary = found.deployments?.find(({ status }) => status === 'PRIMARY');
        return {
          taskDefinition: found.taskDefinition ?? '',
          desired: found.desiredCount ?? 0,
          running: found.runningCount ?? 0,
          rollingOut: (found.deployments?.length ?? 0) > 1 || primary?.rolloutState === 'IN_PROGRESS',
          failedTasks: primary?.failedTasks ?? 0,
          events: (found.events ?? []).slice(0, 5).map(({ message }) => message ?? ''),
        };
      },
    };
  },
};

/** Stopped tasks stay visible for about an hour. Source: Amazon ECS API Reference, DescribeTasks. */
async function stopsOf(ecs: ECSClient, cluster: string, service: string): Promise<Stop[]> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus: 'STOPPED' }),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, 100) }));
  return tasks
    .filter(({ stoppedReason }) => stoppedReason)
    .sort((one, other) => Number(other.stoppedAt ?? 0) - Number(one.stoppedAt ?? 0))
    .map(({ stopCode = '', stoppedReason = '', stoppedAt, containers }) => {
      const exits = (containers ?? [])
        .map((c) => `${c.name} ${c.exitCode ?? 'without exit code'}`)
        .join(', ');
      return { at: stoppedAt?.getTime() ?? 0, code: stopCode, reason: `${stoppedReason} (${exits})` };
    });
}

export interface StoppedTasks {
  /** The service's tasks that stopped lately, newest first. */
  of(cluster: string, service: string): Promise<Stop[]>;
}
export const stoppedTasks: Port<StoppedTasks> = {
  grants: [
    { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster },
    { sid: 'ReadTasks', actions: ['ecs:DescribeTasks'], on: ['tasks'] },
  ],
  open() {
    const ecs = new ECSClient({});
    return { of: (cluster, service) => stopsOf(ecs, cluster, service) };
  },
};

export const fleetScaler: Port<FleetScaler> = {
  grants: [{ sid: 'ScaleServices', actions: ['ecs:UpdateService'], on: ['services'] }],
  open() {
    const ecs = new ECSClient({});
    return {
      async scale(cluster, service, desired) {
        await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: desired }));
      },
    };
  },
};

/** ECS runs the task under these roles, so whoever names them must be allowed to hand them over. */
const passRoles = {
  sid: 'PassTaskRoles',
  actions: ['iam:PassRole'],
  on: ['taskRoles' as const],
  when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'ecs-tasks.amazonaws.com' },
};

export const fleetReleaser: Port<FleetReleaser> = {
  grants: [{ sid: 'ReleaseServices', actions: ['ecs:UpdateService'], on: ['services'] }, passRoles],
  open() {
    const ecs = new ECSClient({});
    return {
      async release(cluster, service, taskDefinition, desired) {
        await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount: desired }));
      },
    };
  },
};

export const fleetRoller: Port<FleetRoller> = {
  grants: [{ sid: 'RollServices', actions: ['ecs:UpdateService'], on: ['services'] }, passRoles],
  open() {
    const ecs = new ECSClient({});
    return {
      async roll(cluster, service, taskDefinition) {
        await ecs.send(
          new UpdateServiceCommand({
            cluster,
            service,
            taskDefinition,
            deploymentConfiguration: {
              minimumHealthyPercent: 100,
              maximumPercent: 200,
              deploymentCircuitBreaker: { enable: true, rollback: true },
            },
          }),
        );
      },
    };
  },
};

/** Members that ECS answers with but does not take back. Source: RegisterTaskDefinition, request syntax. */
const ANSWER_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

export interface ImageReader {
  /** The image that one container of a task definition runs. */
  imageOf(taskDefinition: string, container: string): Promise<string>;
}
export const imageReader: Port<ImageReader> = {
  grants: [{ sid: 'ReadTaskDefinitions', actions: ['ecs:DescribeTaskDefinition'], on: '*' }],
  open() {
    const ecs = new ECSClient({});
    return {
      async imageOf(taskDefinition, container) {
        const { taskDefinition: found } = await ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition }),
        );
        return found?.containerDefinitions?.find(({ name }) => name === container)?.image ?? '';
      },
    };
  },
};

export const releaseWriter: Port<ReleaseWriter> = {
  grants: [
    { sid: 'ReadTaskDefinitions', actions: ['ecs:DescribeTaskDefinition'], on: '*' },
    { sid: 'RegisterTaskDefinitions', actions: ['ecs:RegisterTaskDefinition'], on: ['taskDefinitions'] },
    passRoles,
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async revise(from, container, image) {
        const { taskDefinition } = await ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: from }),
        );
        const kept = Object.fromEntries(
          Object.entries(taskDefinition ?? {}).filter(([member]) => !ANSWER_ONLY.includes(member)),
        ) as unknown as RegisterTaskDefinitionCommandInput;
        const containerDefinitions = (taskDefinition?.containerDefinitions ?? []).map(
          (definition): ContainerDefinition =>
            definition.name === container ? { ...definition, image } : definition,
        );
        if (!containerDefinitions.some(({ name }) => name === container))
          throw new Error(
            `task definition ${from} has no container ${container}; set the service's container to one of its names`,
          );
        const registered = await ecs.send(
          new RegisterTaskDefinitionCommand({ ...kept, containerDefinitions }),
        );
        return {
          taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '',
          essential: containerDefinitions
            .filter(({ essential }) => essential !== false)
            .map(({ name }) => name ?? ''),
        };
      },
    };
  },
};
