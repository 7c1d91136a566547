import { randomUUID } from 'node:crypto';
import type {
  ApplicationAutoScaling,
  PutScalingPolicyRequest,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Operations, ServiceCounts } from '../../service';
import { invalid, notFound, unsupported } from './faults';
import { page } from './page';
import type { Target, Targets } from './targets';

/** Below so much of its target value a metric has a policy scale in, so that it does not go to and fro. */
const SCALE_IN_BELOW = 0.9;

export interface PoliciesParts {
  clock: Clock;
  counts: ServiceCounts;
  targets: Targets;
}

interface Policy extends ScalingPolicy {
  target: Target;
}

/**
 * Scaling policies. Nobody watches their metrics: `evaluate` says what an alarm would have seen, and the policy does what it
 * does then.
 */
export function createPolicies({ clock, counts, targets }: PoliciesParts) {
  const policies = new Map<string, Policy>();
  const keyOf = (resource: string, name: string) => `${resource}:policyName/${name}`;

  /** The pair of alarms that target tracking makes for itself. */
  const alarmsOf = ({ ResourceId }: PutScalingPolicyRequest) =>
    ['AlarmHigh', 'AlarmLow'].map((kind) => {
      const AlarmName = `TargetTracking-${ResourceId}-${kind}-${randomUUID()}`;
      return { AlarmName, AlarmARN: arn('cloudwatch', `alarm:${AlarmName}`) };
    });

  function put(input: PutScalingPolicyRequest): Policy {
    const target = targets.require(input);
    const { PolicyName = '', TargetTrackingScalingPolicyConfiguration: tracking } = input;
    const key = keyOf(target.resource, PolicyName);
    const known = policies.get(key);
    const PolicyType = input.PolicyType ?? known?.PolicyType ?? 'StepScaling';
    if (PolicyType !== 'TargetTrackingScaling') throw unsupported(`a policy of type ${PolicyType}`);
    if (!tracking) throw invalid('TargetTrackingScalingPolicyConfiguration must be specified.');
    const policy: Policy = {
      PolicyARN: arn('autoscaling', `scalingPolicy:${randomUUID()}:resource/ecs/${key}`),
      CreationTime: new Date(clock.now()),
      Alarms: alarmsOf(input),
      ...known,
      ...{ target, PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration: tracking },
      ServiceNamespace: 'ecs',
      ResourceId: target.resource,
      ScalableDimension: 'ecs:service:DesiredCount',
    };
    policies.set(key, policy);
    return policy;
  }

  /**
   * What a target-tracking policy does about a metric: the count that would bring it to its target value, within the bounds.
   * A count below the minimum is first of all put there by scaling out, and left alone by scaling in; while ECS has a
   * deployment of its own nothing is scaled in. Sources: Amazon ECS Developer Guide, "Automatically scale your Amazon ECS
   * service"; Application Auto Scaling User Guide, "How target tracking works".
   */
  function evaluate(resource: string, policyName: string, metric: number): void {
    const policy = policies.get(keyOf(resource, policyName));
    if (!policy) throw notFound(`No scaling policy ${policyName} for ${resource}`);
    const { target, TargetTrackingScalingPolicyConfiguration: tracking } = policy;
    const now = counts.of(target.cluster, target.service);
    const value = tracking?.TargetValue ?? 0;
    if (!now) return;
    const wanted = Math.ceil((now.desired * metric) / value);
    const cause = (alarm: string) => `monitor alarm ${alarm} in state ALARM triggered policy ${policyName}`;
    const { DynamicScalingInSuspended, DynamicScalingOutSuspended } = target.suspended;
    if (metric > value) {
      const most = targets.clamp(target, Math.max(wanted, now.desired + 1));
      if (!DynamicScalingOutSuspended && most > now.desired) targets.set(target, most, cause('AlarmHigh'));
    } else if (metric < value * SCALE_IN_BELOW) {
      const least = targets.clamp(target, wanted);
      const held = DynamicScalingInSuspended || tracking?.DisableScaleIn || now.deploying;
      if (!held && least < now.desired) targets.set(target, least, cause('AlarmLow'));
    }
  }

  const describe = ({ target: _, ...policy }: Policy): ScalingPolicy => policy;

  const operations: Operations<ApplicationAutoScaling> = {
    PutScalingPolicy: (input) => {
      const { PolicyARN, Alarms } = put(input);
      return { PolicyARN, Alarms };
    },
    DescribeScalingPolicies: ({ ResourceId, PolicyNames, ...pages }) => {
      const { items, NextToken } = page(
        [...policies.values()].filter(
          (policy) =>
            (ResourceId === undefined || policy.ResourceId === ResourceId) &&
            (PolicyNames?.includes(policy.PolicyName ?? '') ?? true),
        ),
        pages,
      );
      return { ScalingPolicies: items.map(describe), NextToken };
    },
    DeleteScalingPolicy: (input) => {
      const key = keyOf(targets.named(input).resource, input.PolicyName ?? '');
      if (!policies.delete(key)) throw notFound(`No scaling policy found for ${key}`);
      return {};
    },
  };

  return {
    operations,
    put,
    evaluate,
    remove(policyArn: string) {
      for (const [key, { PolicyARN }] of policies) if (PolicyARN === policyArn) policies.delete(key);
    },
    forget(resource: string) {
      for (const [key, { ResourceId }] of policies) if (ResourceId === resource) policies.delete(key);
    },
  };
}
