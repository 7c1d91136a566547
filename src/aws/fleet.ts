import {
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
import type { Control } from '../domain/deployment/controller';
import { revised, type TaskDefinition } from '../domain/deployment/task-definition';
import type { Stop } from '../domain/evidence/fleet';
import { stopReason } from '../domain/privacy/values';
import { type Grant, inCluster, type Port } from '../domain/step/port';
import type { Network } from './tasks';

/** An ECS service as a deployment sees it. */
export interface FleetState extends Control {
  taskDefinition: string;
  desired: number;
  running: number;
  /** Task definitions with tasks that still run or are wanted; one when the rollout is over. */
  rollingOut: boolean;
  failedTasks: number;
  network: Network;
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
  /** Runs a task definition as the service's newest version; without one, more or fewer tasks of the version that it has. */
  release(
    cluster: string,
    service: string,
    taskDefinition: string | undefined,
    desired: number,
  ): Promise<void>;
}

export interface FleetRoller {
  /**
   * Replaces the service's tasks by those of another version, a few at a time, never fewer than are wanted; ECS goes back
   * by itself when they keep failing.
   */
  roll(cluster: string, service: string, taskDefinition: string): Promise<void>;
}

export interface ReleaseWriter {
  /** A new revision of a task definition, with its tags, and with another image in one container. */
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
        const network = found.networkConfiguration?.awsvpcConfiguration;
        return {
          taskDefinition: found.taskDefinition ?? '',
          desired: found.desiredCount ?? 0,
          running: found.runningCount ?? 0,
          rollingOut: (found.deployments?.length ?? 0) > 1 || primary?.rolloutState === 'IN_PROGRESS',
          failedTasks: primary?.failedTasks ?? 0,
          network: {
            subnets: network?.subnets ?? [],
            securityGroups: network?.securityGroups ?? [],
            publicIp: network?.assignPublicIp === 'ENABLED',
          },
          controller: found.deploymentController?.type ?? 'ECS',
          strategy: found.deploymentConfiguration?.strategy,
          launchType: found.capacityProviderStrategy?.length ? undefined : found.launchType,
          providers: found.capacityProviderStrategy?.map(({ capacityProvider = '' }) => capacityProvider),
          platform: found.platformFamily,
          offers: (primary?.serviceConnectConfiguration?.services ?? []).length > 0,
          events: (found.events ?? []).slice(0, 5).map(({ message }) => message ?? ''),
        };
      },
    };
  },
};

/** Stopped tasks stay visible for about an hour. Source: Amazon ECS API Reference, DescribeTasks. */
export async function stopsOf(ecs: ECSClient, cluster: string, service: string): Promise<Stop[]> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus: 'STOPPED' }),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, 100) }));
  return tasks
    .filter(({ stoppedReason }) => stoppedReason)
    .sort((one, other) => Number(other.stoppedAt ?? 0) - Number(one.stoppedAt ?? 0))
    .map(
      ({ taskDefinitionArn = '', stopCode = '', stoppedReason = '', stoppedAt, stoppingAt, containers }) => {
        const exits = (containers ?? [])
          .map((c) => `${c.name} ${c.exitCode ?? 'without exit code'}`)
          .join(', ');
        return {
          taskDefinition: taskDefinitionArn,
          // of one that is told to end it is known before it has
          at: (stoppedAt ?? stoppingAt)?.getTime() ?? 0,
          code: stopCode,
          reason: `${stopReason({ stopCode, stoppedReason })} (${exits})`,
        };
      },
    );
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

export interface RunningImage {
  /** `sha256:…` of the image that a container of the service runs, whatever its tag is now; undefined while no task runs. */
  digest(cluster: string, service: string, container: string): Promise<string | undefined>;
}
export const runningImage: Port<RunningImage> = {
  grants: [
    { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster },
    { sid: 'ReadTasks', actions: ['ecs:DescribeTasks'], on: ['tasks'] },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async digest(cluster, serviceName, container) {
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
        if (taskArns.length === 0) return undefined;
        const { tasks = [] } = await ecs.send(
          new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, 100) }),
        );
        return tasks
          .flatMap(({ containers = [] }) => containers)
          .find(({ name, imageDigest }) => name === container && imageDigest)?.imageDigest;
      },
    };
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

export interface TaskDefinitionReader {
  /** A task definition by its ARN, with its tags; of a family the newest revision that may be run. */
  describe(taskDefinition: string): Promise<TaskDefinition & { taskDefinitionArn: string }>;
}

const readTaskDefinitions: Grant = {
  sid: 'ReadTaskDefinitions',
  actions: ['ecs:DescribeTaskDefinition'],
  on: '*',
};

async function describe(ecs: ECSClient, taskDefinition: string) {
  const { taskDefinition: found, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }),
  );
  return { ...found, taskDefinitionArn: found?.taskDefinitionArn ?? '', tags };
}

export const taskDefinitionReader: Port<TaskDefinitionReader> = {
  grants: [readTaskDefinitions],
  open() {
    const ecs = new ECSClient({});
    return { describe: (taskDefinition) => describe(ecs, taskDefinition) };
  },
};

export const releaseWriter: Port<ReleaseWriter> = {
  grants: [
    readTaskDefinitions,
    { sid: 'RegisterTaskDefinitions', actions: ['ecs:RegisterTaskDefinition'], on: ['taskDefinitions'] },
    {
      sid: 'TagTaskDefinitions',
      actions: ['ecs:TagResource'],
      on: ['taskDefinitions'],
      when: { operator: 'StringEquals', key: 'ecs:CreateAction', text: 'RegisterTaskDefinition' },
    },
    passRoles,
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async revise(from, container, image) {
        const described = await describe(ecs, from);
        const containers = described.containerDefinitions ?? [];
        if (!containers.some(({ name }) => name === container))
          throw new Error(
            `task definition ${from} has no container ${container}; set the service's container to one of its names`,
          );
        const registered = await ecs.send(
          new RegisterTaskDefinitionCommand(
            revised(described, container, image) as RegisterTaskDefinitionCommandInput,
          ),
        );
        return {
          taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '',
          essential: containers.filter(({ essential }) => essential !== false).map(({ name }) => name ?? ''),
        };
      },
    };
  },
};
