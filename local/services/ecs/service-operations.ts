import type { ECS } from '@aws-sdk/client-ecs';
import type { Operations } from '../../service';
import type { Clusters } from './clusters';
import { invalidParameter } from './faults';
import { lastPart, NAME, serviceArn } from './names';
import { describeService } from './service-record';
import type { Services } from './services';

export function createServiceOperations(clusters: Clusters, services: Services): Operations<ECS> {
  return {
    CreateService: (input) => {
      if (!input.serviceName) throw invalidParameter('serviceName can not be empty.');
      if (!NAME.test(input.serviceName)) {
        throw invalidParameter(
          'The service name must have at most 255 letters, numbers, hyphens, and underscores.',
        );
      }
      return { service: describeService(services.create(input).record) };
    },

    UpdateService: (input) => ({ service: describeService(services.update(input).record) }),

    DeleteService: ({ cluster, service, force = false }) => ({
      service: describeService(services.remove(cluster, service, force).record),
    }),

    DescribeServices: ({ cluster: clusterName, services: names = [], include = [] }) => {
      const cluster = clusters.require(clusterName);
      if (names.length === 0) throw invalidParameter('Services cannot be empty.');
      if (names.length > 10) throw invalidParameter('services can have at most 10 items.');
      const found = names.map((name) => services.find(cluster, name)?.record);
      return {
        services: found
          .filter((record) => record !== undefined)
          .map((record) => ({
            ...describeService(record),
            ...(include.includes('TAGS') ? { tags: record.tags } : {}),
          })),
        failures: names
          .filter((_, index) => found[index] === undefined)
          .map((name) => ({ arn: serviceArn(cluster, lastPart(name)), reason: 'MISSING' })),
      };
    },

    ListServices: ({ cluster: clusterName }) => {
      const cluster = clusters.require(clusterName);
      return {
        serviceArns: services
          .all()
          .filter(({ record }) => record.cluster === cluster && record.status !== 'INACTIVE')
          .map(({ record }) => serviceArn(cluster, record.name)),
      };
    },
  };
}
