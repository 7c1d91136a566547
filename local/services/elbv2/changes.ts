import { isDeepStrictEqual } from 'node:util';
import type { Service } from '../../service';
import { normalActions } from './actions';
import { faults } from './faults';
import type { Routing } from './routing';
import { loadBalancerResource } from './shown';
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

const OF_A_LOAD_BALANCER = ['IpAddressType', 'LoadBalancerAttributes', 'SecurityGroups', 'Subnets', 'Tags'];

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
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (properties, { ref, before }) => {
    allowOnly(OF_A_LOAD_BALANCER, 'load balancer', properties, before);
    const record = state.loadBalancer(ref);
    for (const { Key, Value } of properties.LoadBalancerAttributes ?? [])
      record.attributes[Key] = String(Value);
    state.tag(ref, properties.Tags ?? []);
    return loadBalancerResource(record);
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': (properties, { ref, before }) => {
    allowOnly(['Actions', 'Conditions', 'Priority'], 'listener rule', properties, before);
    const { listener, rule } = state.rule(ref);
    const actions = normalActions(properties.Actions);
    routing.checkGroups(listener, actions);
    if (String(properties.Priority) !== String(rule.priority))
      rule.priority = routing.checkPriority(listener, properties.Priority);
    rule.conditions = routing.checkConditions(properties.Conditions);
    rule.actions = actions;
    routing.changed(listener);
    return { ref, attributes: { RuleArn: ref, IsDefault: 'false' } };
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

async function removeListener(state: State, routing: Routing, arn: string): Promise<void> {
  const { loadBalancer, proxy } = state.listener(arn);
  state.listeners.delete(arn);
  loadBalancer.listeners.splice(
    loadBalancer.listeners.findIndex((listener) => listener.arn === arn),
    1,
  );
  routing.refreshUse();
  await proxy.close();
}

/** What a stack no longer names ends: a target group that no rule names, and a listener with all of its rules. */
export const removals = (state: State, routing: Routing): NonNullable<Service['removals']> => ({
  'AWS::ElasticLoadBalancingV2::TargetGroup': async (ref) => {
    const record = state.targetGroup(ref);
    if (record.loadBalancerArn) throw faults.targetGroupInUse(ref);
    state.targetGroups.delete(ref);
    state.tags.delete(ref);
    await record.group.close();
  },
  'AWS::ElasticLoadBalancingV2::Listener': (ref) => removeListener(state, routing, ref),
  'AWS::ElasticLoadBalancingV2::ListenerRule': (ref) => {
    const { listener, rule } = state.rule(ref);
    listener.rules = listener.rules.filter((other) => other !== rule);
    routing.changed(listener);
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': async (ref) => {
    for (const { arn } of [...state.loadBalancer(ref).listeners]) await removeListener(state, routing, arn);
    state.loadBalancers.delete(ref);
    state.tags.delete(ref);
  },
});
