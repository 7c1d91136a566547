import type { ApplicationAutoScaling, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { Clock } from '../../clock';
import type { Operations, ResourceMaker, Service, ServiceCounts } from '../../service';
import { invalid } from './faults';
import { page } from './page';
import { createPolicies } from './policies';
import { createScheduledActions } from './scheduled-actions';
import { createTargets, describeTarget, type Scaled } from './targets';

export interface ApplicationAutoScalingService extends Service {
  /**
   * What a policy of a service (`service/<cluster>/<service>`) does about a metric of this value: alarms are not evaluated
   * here, so whoever plays a scenario says what they would have seen.
   */
  evaluate(resource: string, policyName: string, metric: number): void;
}

/** The scheduled actions of a scalable target in a template. */
const namesOf = ({ ScheduledActions = [] }: { ScheduledActions?: ScheduledAction[] }) =>
  ScheduledActions.map(({ ScheduledActionName = '' }) => ScheduledActionName);

/** Application Auto Scaling of ECS services. */
export function createApplicationAutoScaling(parts: {
  clock: Clock;
  counts: ServiceCounts;
}): ApplicationAutoScalingService {
  const targets = createTargets(parts);
  const policies = createPolicies({ ...parts, targets });
  const scheduled = createScheduledActions({ ...parts, targets });

  /** With a target go its policies and its scheduled actions. */
  function remove(scaled: Scaled): void {
    const { resource } = targets.require(scaled);
    targets.remove(scaled);
    policies.forget(resource);
    scheduled.forget(resource);
  }

  const operations: Operations<ApplicationAutoScaling> = {
    RegisterScalableTarget: (input) => ({ ScalableTargetARN: targets.register(input).arn }),
    DescribeScalableTargets: ({ ServiceNamespace, ResourceIds, ScalableDimension, ...pages }) => {
      if (ScalableDimension && !ResourceIds?.length)
        throw invalid('A scalable dimension can only be given with a resource ID.');
      const { items, NextToken } = page(
        targets
          .all()
          .filter(({ resource }) => ServiceNamespace === 'ecs' && (ResourceIds?.includes(resource) ?? true)),
        pages,
      );
      return { ScalableTargets: items.map(describeTarget), NextToken };
    },
    DeregisterScalableTarget: (input) => {
      remove(input);
      return {};
    },
    DescribeScalingActivities: ({ ResourceId, ...pages }) => {
      const { items, NextToken } = page(
        targets
          .activities()
          .filter((activity) => ResourceId === undefined || activity.ResourceId === ResourceId),
        pages,
      );
      return { ScalingActivities: items, NextToken };
    },
    ...policies.operations,
    ...scheduled.operations,
  };

  /** CloudFormation names a target by all that identifies it. */
  const idOf = ({ ResourceId, ScalableDimension, ServiceNamespace }: Scaled) =>
    [ResourceId, ScalableDimension, ServiceNamespace].join('|');
  const scaledOf = (id: string): Scaled => {
    const [ResourceId, ScalableDimension, ServiceNamespace] = id.split('|');
    return { ResourceId, ScalableDimension, ServiceNamespace };
  };

  const resources: Record<string, ResourceMaker> = {
    'AWS::ApplicationAutoScaling::ScalableTarget': ({ ScheduledActions = [], ...properties }) => {
      const { MinCapacity, MaxCapacity } = properties;
      targets.register({
        ...properties,
        MinCapacity: Number(MinCapacity),
        MaxCapacity: Number(MaxCapacity),
      });
      for (const action of ScheduledActions as ScheduledAction[])
        scheduled.put({ ...action, ...scaledOf(idOf(properties)) } as Parameters<typeof scheduled.put>[0]);
      return { ref: idOf(properties), attributes: { Id: idOf(properties) } };
    },
    'AWS::ApplicationAutoScaling::ScalingPolicy': ({ ScalingTargetId, ...properties }) => {
      const scaled = ScalingTargetId === undefined ? properties : scaledOf(ScalingTargetId);
      const { PolicyARN = '' } = policies.put({ ...properties, ...scaled });
      return { ref: PolicyARN, attributes: { Arn: PolicyARN } };
    },
  };

  /** Both are put as they are made; scheduled actions that the template no longer names go. */
  const updates: NonNullable<Service['updates']> = {
    ...resources,
    'AWS::ApplicationAutoScaling::ScalableTarget': (properties, context) => {
      const gone = namesOf(context.before).filter((name) => !namesOf(properties).includes(name));
      for (const name of gone) scheduled.remove(properties.ResourceId, name);
      return resources['AWS::ApplicationAutoScaling::ScalableTarget']!(properties, context);
    },
  };

  return {
    signingName: 'application-autoscaling',
    operations,
    resources,
    updates,
    removals: {
      'AWS::ApplicationAutoScaling::ScalableTarget': (id) => remove(scaledOf(id)),
      'AWS::ApplicationAutoScaling::ScalingPolicy': (policyArn) => policies.remove(policyArn),
    },
    evaluate: policies.evaluate,
    async close() {
      scheduled.forget();
    },
  };
}
