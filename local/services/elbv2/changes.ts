import { isDeepStrictEqual } from 'node:util';
import type { Service } from '../../service';
import { normalActions } from './actions';
import { faults } from './faults';
import type { Routing } from './routing';
import type { State } from './state';

type Properties = Record<string, unknown>;

/** Throws for what CloudFormation changes by making another resource. Source: CloudFormation User Guide, the type's "Update requires". */
function allowOnly(
  allowed: readonly string[],
  what: string,
  properties: Properties,
  before: Properties,
): void {
  const changed = [...new Set([...Object.keys(properties), ...Object.keys(before)])].filter(
    (name) => !allowed.includes(name) && !isDeepStrictEqual(properties[name], before[name]),
  );
  if (changed.length > 0)
    throw faults.configuration(
      `a change of ${changed.join(', ')} makes another ${what} on AWS, or is not served locally`,
    );
}

const OF_A_GROUP = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
  'TargetGroupAttributes',
];

/** What an update of a stack changes in place. */
export const updates = (state: State, routing: Routing): NonNullable<Service['updates']> => ({
  'AWS::ElasticLoadBalancingV2::TargetGroup': (properties, { ref, before }) => {
    allowOnly(OF_A_GROUP, 'target group', properties, before);
    const record = state.targetGroup(ref);
    record.modify(properties);
    record.setAttributes(properties.TargetGroupAttributes ?? []);
    return {
      ref,
      attributes: {
        ...{ TargetGroupArn: ref, TargetGroupFullName: record.fullName, TargetGroupName: record.name },
        LoadBalancerArns: '',
      },
    };
  },
  'AWS::ElasticLoadBalancingV2::Listener': (properties, { ref, before }) => {
    allowOnly(['DefaultActions'], 'listener', properties, before);
    const listener = state.listener(ref);
    const actions = normalActions(properties.DefaultActions);
    routing.checkGroups(listener, actions);
    listener.defaultRule.actions = actions;
    routing.changed(listener);
    return { ref, attributes: { ListenerArn: ref } };
  },
});

/** What a stack no longer names ends: a target group that no rule names, and a listener with all of its rules. */
export const removals = (state: State, routing: Routing): NonNullable<Service['removals']> => ({
  'AWS::ElasticLoadBalancingV2::TargetGroup': async (ref) => {
    const record = state.targetGroup(ref);
    if (record.loadBalancerArn) throw faults.targetGroupInUse(ref);
    state.targetGroups.delete(ref);
    state.tags.delete(ref);
    await record.group.close();
  },
  'AWS::ElasticLoadBalancingV2::Listener': async (ref) => {
    const { loadBalancer, proxy } = state.listener(ref);
    state.listeners.delete(ref);
    loadBalancer.listeners.splice(
      loadBalancer.listeners.findIndex(({ arn }) => arn === ref),
      1,
    );
    routing.refreshUse();
    await proxy.close();
  },
});
