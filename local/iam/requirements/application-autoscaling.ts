import { arn } from '../../names';
import { ecs } from './ecs';
import type { Lookups, Requirement, Rows } from './requirement';

/**
 * Whoever registers a target, or changes one, may do to the service what scaling does. Source: Application Auto Scaling User
 * Guide, "Identity-based policy examples", permissions for target resources.
 */
// biome-ignore lint/suspicious/noExplicitAny: the input of RegisterScalableTarget
function onService({ ResourceId = '' }: any, lookups: Lookups): readonly Requirement[] {
  const [, cluster = '', service = ''] = ResourceId.split('/');
  return [
    ...ecs.operations.DescribeServices!({ cluster, services: [service] }, lookups),
    ...ecs.operations.UpdateService!({ cluster, service }, lookups),
  ];
}

export const applicationAutoscaling: Rows = {
  prefix: 'application-autoscaling',
  operations: {
    RegisterScalableTarget: (i, lookups) => [
      {
        action: 'application-autoscaling:RegisterScalableTarget',
        // a target has a name of its own only once it is registered
        resources: [arn('application-autoscaling', 'scalable-target/*')],
        context: {
          'application-autoscaling:service-namespace': i.ServiceNamespace,
          'application-autoscaling:scalable-dimension': i.ScalableDimension,
        },
      },
      ...onService(i, lookups),
    ],
  },
};
