import type { Cluster, ECS } from '@aws-sdk/client-ecs';
import type { Operations } from '../../service';
import { clusterNotFound, invalidParameter } from './faults';
import { clusterArn, lastPart, NAME } from './names';

/** How many tasks and services a cluster shows; asked when it is described. */
export type CountsOf = (
  cluster: string,
) => Pick<Cluster, 'runningTasksCount' | 'pendingTasksCount' | 'activeServicesCount'>;

export function createClusters() {
  const names = new Set<string>();
  return {
    add: (name: string) => names.add(name),
    delete: (name: string) => names.delete(name),
    names: (): readonly string[] => [...names],
    /** The name of an existing cluster; without one, "default" is meant, as on AWS. */
    require(nameOrArn: string | undefined): string {
      const name = lastPart(nameOrArn ?? 'default');
      if (!names.has(name)) throw clusterNotFound();
      return name;
    },
    has: (name: string) => names.has(name),
  };
}

export type Clusters = ReturnType<typeof createClusters>;

export function createClusterOperations(clusters: Clusters, countsOf: CountsOf): Operations<ECS> {
  const describe = (name: string): Cluster => ({
    clusterArn: clusterArn(name),
    clusterName: name,
    status: 'ACTIVE',
    ...countsOf(name),
  });
  return {
    CreateCluster: ({ clusterName = 'default' }) => {
      if (!NAME.test(clusterName)) {
        throw invalidParameter(
          'The cluster name must have at most 255 letters, numbers, hyphens, and underscores.',
        );
      }
      clusters.add(clusterName);
      return { cluster: describe(clusterName) };
    },
    DescribeClusters: ({ clusters: named = ['default'] }) => {
      const found = named.map(lastPart).filter(clusters.has);
      const missing = named.filter((name) => !clusters.has(lastPart(name)));
      return {
        clusters: found.map(describe),
        failures: missing.map((name) => ({ arn: clusterArn(lastPart(name)), reason: 'MISSING' })),
      };
    },
    ListClusters: () => ({ clusterArns: clusters.names().map(clusterArn) }),
  };
}
