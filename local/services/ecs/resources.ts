import { isDeepStrictEqual } from 'node:util';
import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import type { ResourceMaker, Service } from '../../service';
import { camel } from './camel';
import type { Clusters } from './clusters';
import { clusterArn, serviceArn } from './names';
import type { ServiceController } from './service-controller';
import type { Services } from './services';
import type { TaskDefinitions } from './task-definitions';

interface Parts {
  clusters: Clusters;
  definitions: TaskDefinitions;
  services: Services;
}

function serviceResource({ record: { cluster, name } }: ServiceController) {
  const arn = serviceArn(cluster, name);
  return { ref: arn, attributes: { Name: name, ServiceArn: arn } };
}

const clusterMaker =
  ({ clusters }: Parts): ResourceMaker =>
  ({ ClusterName }, { name }) => {
    const cluster = ClusterName ?? name;
    clusters.add(cluster);
    return { ref: cluster, attributes: { Arn: clusterArn(cluster) } };
  };

export function createResources(parts: Parts): Record<string, ResourceMaker> {
  const { definitions, services } = parts;
  return {
    'AWS::ECS::Cluster': clusterMaker(parts),

    'AWS::ECS::TaskDefinition': (properties, { name, logicalId }) => {
      const input = camel<RegisterTaskDefinitionRequest>(properties);
      const { taskDefinitionArn } = definitions.register({
        ...input,
        family: input.family ?? name,
        // one of those that CloudFormation sets by itself, and that nobody else may set
        tags: [...(input.tags ?? []), { key: 'aws:cloudformation:logical-id', value: logicalId }],
      });
      return { ref: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } };
    },

    // as on AWS, a service is created when it is steady
    'AWS::ECS::Service': async (properties, { name }) => {
      const input = camel<CreateServiceRequest>(properties);
      const controller = services.create({ ...input, serviceName: input.serviceName ?? name });
      try {
        await services.untilSteady(controller);
      } catch (error) {
        // nobody has its name yet, who could end it
        await end(services, controller);
        throw error;
      }
      return serviceResource(controller);
    },
  };
}

async function end(
  services: Services,
  { record: { cluster, name, members } }: ServiceController,
): Promise<void> {
  const ends = members.map(({ task }) => task.ended);
  services.remove(cluster, name, true);
  await Promise.all(ends);
}

/** A change of these makes another service on AWS. Source: CloudFormation User Guide, AWS::ECS::Service. */
const FIXED = [
  'Cluster',
  'ServiceName',
  'LaunchType',
  'SchedulingStrategy',
  'DeploymentController',
  'Role',
] as const;

/**
 * CloudFormation sends UpdateService all that the template says, whichever property has changed: what somebody else has done
 * to the service meanwhile is undone (aws/aws-cdk#3919). Without DesiredCount the live count stays.
 */
export function createUpdates(parts: Parts): NonNullable<Service['updates']> {
  const { services } = parts;
  return {
    'AWS::ECS::Cluster': clusterMaker(parts),
    'AWS::ECS::Service': async (properties, { ref, before }) => {
      const fixed = FIXED.filter((name) => !isDeepStrictEqual(properties[name], before[name]));
      if (fixed.length > 0)
        throw new Error(`a change of ${fixed.join(', ')} makes another service on AWS, and none here`);
      const { loadBalancers, ...input } = camel<UpdateServiceRequest>(properties);
      const controller = services.update({
        ...input,
        service: ref,
        // named again they would begin a deployment
        ...(!isDeepStrictEqual(properties.LoadBalancers, before.LoadBalancers) && { loadBalancers }),
      });
      await services.untilSteady(controller);
      return serviceResource(controller);
    },
  };
}

export function createRemovals({ clusters, definitions, services }: Parts): NonNullable<Service['removals']> {
  return {
    'AWS::ECS::TaskDefinition': (ref) => void definitions.deregister(ref),
    'AWS::ECS::Service': (ref) => end(services, services.find(ref.split('/')[1], ref)!),
    'AWS::ECS::Cluster': (ref) => void clusters.delete(ref),
  };
}

/** What is somebody else's as much as the stack's. */
export const createLive = ({ services }: Parts): NonNullable<Service['live']> => ({
  'AWS::ECS::Service': (ref) => {
    const record = services.find(ref.split('/')[1], ref)?.record;
    if (record?.status !== 'ACTIVE') return undefined;
    const { taskDefinitionArn } = record.deployments[0]!.definition;
    return { TaskDefinition: taskDefinitionArn, DesiredCount: record.desiredCount };
  },
});
