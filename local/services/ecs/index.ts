import type { ECS } from '@aws-sdk/client-ecs';
import type { Operations, Service, ServiceCounts } from '../../service';
import type { Capacity } from './capacity';
import { createClusterOperations, createClusters } from './clusters';
import type { EcsParts } from './parts';
import { createProtectionOperations } from './protection';
import { createLive, createRemovals, createResources, createUpdates } from './resources';
import { createServiceOperations } from './service-operations';
import { createServices } from './services';
import { createTagOperations } from './tags';
import { createTaskDefinitionOperations, createTaskDefinitions } from './task-definitions';
import { createTaskOperations } from './task-operations';
import { createTasks } from './tasks';

export type { Capacity } from './capacity';
export type { EcsParts } from './parts';

export interface Ecs extends Service {
  /** Lower it to see tasks that find no room. */
  readonly capacity: Capacity;
  readonly counts: ServiceCounts;
  /** Process ids of a task's containers, for tests and faults that kill them. */
  processesOf(taskArn: string): number[];
  /** The roles that a task of this definition (ARN, family or family:revision) takes on; empty when it is unknown. */
  rolesOf(taskDefinition: string): string[];
}

/** ECS with real processes for containers: see `container.ts` for what a container gets and what it does not. */
export function createEcs(parts: EcsParts): Ecs {
  const { clock } = parts;
  const capacity: Capacity = {};
  const clusters = createClusters();
  const definitions = createTaskDefinitions(clock);
  const tasks = createTasks(parts);
  const services = createServices({ ...parts, capacity, clusters, definitions, tasks });

  const countsOf = (cluster: string) => {
    const own = tasks.all().filter((task) => task.cluster === cluster);
    return {
      runningTasksCount: own.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      pendingTasksCount: own.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
      activeServicesCount: services
        .all()
        .filter(({ record }) => record.cluster === cluster && record.status === 'ACTIVE').length,
    };
  };

  const operations: Operations<ECS> = {
    ...createClusterOperations(clusters, countsOf),
    ...createTaskDefinitionOperations(definitions),
    ...createTaskOperations({ clock, clusters, definitions, tasks, capacity }),
    ...createProtectionOperations({ clock, clusters, tasks }),
    ...createServiceOperations(clusters, services),
    ...createTagOperations({ definitions, services, tasks }),
  };

  const templateParts = { clusters, definitions, services };
  return {
    signingName: 'ecs',
    operations,
    resources: createResources(templateParts),
    updates: createUpdates(templateParts),
    removals: createRemovals(templateParts),
    live: createLive(templateParts),
    capacity,
    counts: {
      of(cluster, name) {
        const record = clusters.has(cluster) ? services.find(cluster, name)?.record : undefined;
        if (record?.status !== 'ACTIVE') return undefined;
        const deploying = record.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
        return { desired: record.desiredCount, deploying };
      },
      set(cluster, service, desiredCount) {
        services.update({ cluster, service, desiredCount });
      },
    },
    processesOf: (taskArn) =>
      (tasks.find(taskArn.split('/').at(-1)!)?.containers ?? [])
        .map(({ process }) => process?.pid)
        .filter((pid) => pid !== undefined),
    rolesOf(taskDefinition) {
      const found = definitions.find(taskDefinition);
      return [found?.taskRoleArn, found?.executionRoleArn].filter((role) => role !== undefined);
    },
    /** No service replaces a task any more; the processes end with the cloud's. */
    async close() {
      for (const service of services.all()) service.end();
      tasks.close();
    },
  };
}
