import type { CreateServiceRequest, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { ResourceMaker } from '../../service';
import { camel } from './camel';
import type { Clusters } from './clusters';
import { clusterArn, serviceArn } from './names';
import type { Services } from './services';
import type { TaskDefinitions } from './task-definitions';

interface Parts {
  clusters: Clusters;
  definitions: TaskDefinitions;
  services: Services;
}

export function createResources({ clusters, definitions, services }: Parts): Record<string, ResourceMaker> {
  return {
    'AWS::ECS::Cluster': ({ ClusterName }, { name }) => {
      const cluster = ClusterName ?? name;
      clusters.add(cluster);
      return { ref: cluster, attributes: { Arn: clusterArn(cluster) } };
    },

    'AWS::ECS::TaskDefinition': (properties, { name }) => {
      const input = camel<RegisterTaskDefinitionRequest>(properties);
      const { taskDefinitionArn } = definitions.register({ ...input, family: input.family ?? name });
      return { ref: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } };
    },

    // as on AWS, a service is created when it is steady
    'AWS::ECS::Service': async (properties, { name }) => {
      const input = camel<CreateServiceRequest>(properties);
      const controller = services.create({ ...input, serviceName: input.serviceName ?? name });
      await services.untilSteady(controller);
      const { record } = controller;
      const arn = serviceArn(record.cluster, record.name);
      return { ref: arn, attributes: { Name: record.name, ServiceArn: arn } };
    },
  };
}
