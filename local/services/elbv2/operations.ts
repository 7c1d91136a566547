import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operations } from '../../service';
import { normalActions } from './actions';
import { faults } from './faults';
import type { CreateGroup } from './group-creation';
import { ruleArn } from './names';
import { type Routing, refuseTransforms } from './routing';
import { shownListener, shownLoadBalancer, shownRule } from './shown';
import { type RuleRecord, rulesOf, type State } from './state';

const pairs = (record: Record<string, string>) =>
  Object.entries(record).map(([Key, Value]) => ({ Key, Value }));

type ElbOperations = Operations<ElasticLoadBalancingV2>;

/** Throws ValidationError when more than one of these ways to say what is meant is used. */
function atMostOne(ways: Record<string, unknown>): void {
  const given = Object.keys(ways).filter((way) => ways[way] !== undefined);
  if (given.length > 1)
    throw faults.validation(`${given.join(' and ')} cannot be specified at the same time`);
}

/** What reads: load balancers, listeners, rules, target groups, health and tags. */
function reading(state: State): ElbOperations {
  return {
    DescribeLoadBalancers: ({ LoadBalancerArns, Names }) => {
      atMostOne({ 'Load balancer ARNs': LoadBalancerArns, 'load balancer names': Names });
      const all = [...state.loadBalancers.values()];
      const missing = Names?.filter((wanted) => !all.some(({ name }) => name === wanted)) ?? [];
      if (missing.length > 0) throw faults.noLoadBalancerNames(missing);
      const found = LoadBalancerArns?.map((arn) => state.loadBalancer(arn)) ?? all;
      return {
        LoadBalancers: found.filter(({ name }) => Names?.includes(name) ?? true).map(shownLoadBalancer),
      };
    },
    DescribeLoadBalancerAttributes: ({ LoadBalancerArn }) => ({
      Attributes: pairs(state.loadBalancer(LoadBalancerArn!).attributes),
    }),
    DescribeListeners: ({ LoadBalancerArn, ListenerArns }) => {
      atMostOne({ 'Listener ARNs': ListenerArns, 'a load balancer ARN': LoadBalancerArn });
      if (ListenerArns) return { Listeners: ListenerArns.map((arn) => shownListener(state.listener(arn))) };
      if (!LoadBalancerArn)
        throw faults.validation('You must specify either listener ARNs or a load balancer ARN');
      return { Listeners: state.loadBalancer(LoadBalancerArn).listeners.map(shownListener) };
    },
    DescribeRules: ({ ListenerArn, RuleArns }) => {
      atMostOne({ 'Rule ARNs': RuleArns, 'a listener ARN': ListenerArn });
      if (RuleArns) return { Rules: RuleArns.map((arn) => shownRule(state.rule(arn).rule)) };
      if (!ListenerArn) throw faults.validation('You must specify either listener ARN or rule ARNs');
      return { Rules: rulesOf(state.listener(ListenerArn)).map(shownRule) };
    },
    DescribeTargetGroups: ({ LoadBalancerArn, TargetGroupArns, Names }) => {
      atMostOne({
        'Target group ARNs': TargetGroupArns,
        'target group names': Names,
        'a load balancer ARN': LoadBalancerArn,
      });
      const all = [...state.targetGroups.values()];
      if (Names?.some((wanted) => !all.some(({ name }) => name === wanted)))
        throw faults.noTargetGroupNames();
      const of = LoadBalancerArn && state.loadBalancer(LoadBalancerArn).arn;
      const found = TargetGroupArns?.map((arn) => state.targetGroup(arn)) ?? all;
      return {
        TargetGroups: found
          .filter(({ loadBalancerArn }) => !of || loadBalancerArn === of)
          .filter(({ name }) => Names?.includes(name) ?? true)
          .map((record) => record.shown()),
      };
    },
    DescribeTargetGroupAttributes: ({ TargetGroupArn }) => ({
      Attributes: pairs(state.targetGroup(TargetGroupArn!).attributes),
    }),
    DescribeTargetHealth: ({ TargetGroupArn, Targets }) => ({
      TargetHealthDescriptions: state.targetGroup(TargetGroupArn!).health(Targets),
    }),
    DescribeTags: ({ ResourceArns }) => ({
      TagDescriptions: ResourceArns!.map((ResourceArn) => {
        state.require(ResourceArn);
        return { ResourceArn, Tags: pairs(Object.fromEntries(state.tags.get(ResourceArn) ?? [])) };
      }),
    }),
  };
}

/** What changes rules. ModifyRule and ModifyListener replace the whole action list: what is left out is gone. */
function routingChanges(state: State, routing: Routing): ElbOperations {
  return {
    CreateRule: ({ ListenerArn, Conditions, Priority, Actions, Tags, Transforms }) => {
      refuseTransforms(Transforms);
      const listener = state.listener(ListenerArn!);
      const rule: RuleRecord = {
        arn: ruleArn(listener.arn),
        priority: routing.checkPriority(listener, Priority!),
        conditions: routing.checkConditions(Conditions),
        actions: normalActions(Actions),
      };
      routing.checkGroups(listener, rule.actions);
      listener.rules.push(rule);
      state.tag(rule.arn, Tags ?? []);
      routing.changed(listener);
      return { Rules: [shownRule(rule)] };
    },
    ModifyRule: ({ RuleArn, Conditions, Actions, Transforms }) => {
      refuseTransforms(Transforms);
      const { listener, rule } = state.rule(RuleArn!);
      if (rule.priority === undefined) throw faults.defaultRule(RuleArn!, 'modified');
      const conditions = Conditions ? routing.checkConditions(Conditions) : rule.conditions;
      const actions = Actions ? normalActions(Actions) : rule.actions;
      routing.checkGroups(listener, actions);
      Object.assign(rule, { conditions, actions });
      routing.changed(listener);
      return { Rules: [shownRule(rule)] };
    },
    DeleteRule: ({ RuleArn }) => {
      const { listener, rule } = state.rule(RuleArn!);
      if (rule.priority === undefined) throw faults.defaultRule(RuleArn!, 'deleted');
      listener.rules = listener.rules.filter((other) => other !== rule);
      state.tags.delete(rule.arn);
      routing.changed(listener);
      return {};
    },
    // those that it does not name keep theirs
    SetRulePriorities: ({ RulePriorities }) => {
      const changes = RulePriorities!.map(({ RuleArn, Priority }) => ({ ...state.rule(RuleArn!), Priority }));
      const wanted = new Map(changes.map(({ rule, Priority }) => [rule, Priority!]));
      for (const { listener, rule, Priority } of changes) {
        if (rule.priority === undefined) throw faults.defaultRule(rule.arn, 'modified');
        const taken = listener.rules.some(
          (other) => other !== rule && (wanted.get(other) ?? other.priority) === Priority,
        );
        if (taken) throw faults.priorityInUse(String(Priority));
      }
      for (const [rule, priority] of wanted) rule.priority = priority;
      for (const listener of new Set(changes.map(({ listener }) => listener))) routing.changed(listener);
      return { Rules: changes.map(({ rule }) => shownRule(rule)) };
    },
    ModifyListener: ({ ListenerArn, DefaultActions, Port, Protocol }) => {
      const listener = state.listener(ListenerArn!);
      if (Port !== undefined && Port !== listener.proxy.port)
        throw faults.configuration('The port of a listener cannot be changed locally');
      if (Protocol !== undefined && Protocol !== listener.proxy.protocol)
        throw faults.configuration('The protocol of a listener cannot be changed locally');
      if (DefaultActions) {
        const actions = normalActions(DefaultActions);
        routing.checkGroups(listener, actions);
        listener.defaultRule.actions = actions;
        routing.changed(listener);
      }
      return { Listeners: [shownListener(listener)] };
    },
  };
}

function targetChanges(state: State, createGroup: CreateGroup): ElbOperations {
  return {
    CreateTargetGroup: ({ Name, ...properties }) => ({
      TargetGroups: [createGroup(state, Name!, properties).shown()],
    }),
    DeleteTargetGroup: async ({ TargetGroupArn }) => {
      const record = state.targetGroups.get(TargetGroupArn!);
      if (record?.loadBalancerArn) throw faults.targetGroupInUse(TargetGroupArn!);
      state.targetGroups.delete(TargetGroupArn!);
      state.tags.delete(TargetGroupArn!);
      await record?.group.close();
      return {};
    },
    RegisterTargets: ({ TargetGroupArn, Targets }) => {
      state.targetGroup(TargetGroupArn!).register(Targets!);
      return {};
    },
    DeregisterTargets: ({ TargetGroupArn, Targets }) => {
      const record = state.targetGroup(TargetGroupArn!);
      for (const target of Targets!)
        if (!record.has(target))
          throw faults.target(`The following targets are not registered: '${target.Id}'`);
      void record.deregister(Targets!);
      return {};
    },
    ModifyTargetGroup: ({ TargetGroupArn, ...settings }) => {
      const record = state.targetGroup(TargetGroupArn!);
      record.modify(settings);
      return { TargetGroups: [record.shown()] };
    },
    ModifyTargetGroupAttributes: ({ TargetGroupArn, Attributes }) => {
      const record = state.targetGroup(TargetGroupArn!);
      record.setAttributes(Attributes!);
      return { Attributes: pairs(record.attributes) };
    },
  };
}

function tagging(state: State): ElbOperations {
  return {
    AddTags: ({ ResourceArns, Tags }) => {
      for (const arn of ResourceArns!) state.require(arn);
      for (const arn of ResourceArns!) state.tag(arn, Tags!);
      return {};
    },
    RemoveTags: ({ ResourceArns, TagKeys }) => {
      for (const arn of ResourceArns!) state.require(arn);
      for (const arn of ResourceArns!) for (const key of TagKeys!) state.tags.get(arn)?.delete(key);
      return {};
    },
  };
}

export const operations = (state: State, routing: Routing, createGroup: CreateGroup): ElbOperations => ({
  ...reading(state),
  ...routingChanges(state, routing),
  ...targetChanges(state, createGroup),
  ...tagging(state),
});
