import { ECSClient } from '@aws-sdk/client-ecs';
import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { SLOTS, type Slot } from '../domain/settings/choices';
import { rulesIn } from '../domain/settings/rules';
import type { Settings } from '../domain/settings/settings';
import { serviceIn } from '../domain/settings/slots';
import type { Grant, Port } from '../domain/step/port';
import {
  allOn,
  PLACES,
  type Place,
  type RuleRead,
  saidByAll,
  type Weights,
  type WeightsRead,
  weightsNotApplied,
} from '../domain/traffic/weights';
import { lookUntil } from './shown';
import { readTaskHealth, taskHealth } from './task-health';

export interface WeightsReader {
  /** The weights of the production rules' forward actions, by slot; of a pure worker, that all of its work is its one slot's. */
  of(settings: Settings): Promise<WeightsRead>;
}

export interface TestWeightsReader {
  /**
   * Where the test listener leads: the weights of the test rule, or why that is not all of it, because another rule of the
   * listener forwards to one of the slots too.
   */
  of(settings: Settings): Promise<WeightsRead>;
}

export interface HealthReader {
  /** Of a slot's targets, as the load balancer sees them; of a pure worker's tasks, as ECS does. */
  of(settings: Settings, slot: Slot): Promise<TargetHealth>;
}

export interface TargetHealth {
  healthy: number;
  /** Any state but `healthy`, also states that do not exist yet: the unknown is not healthy. */
  others: { target: string; state: string; reason: string }[];
  /** The addresses of all of them. */
  addresses: string[];
}

export interface TrafficShifter {
  /** Reads rules to change them: what is compared now is what the change is made from. A pure worker's weights stay as they are. */
  open(rules: 'production' | 'test', settings: Settings): Promise<OpenRules>;
}
export interface OpenRules {
  say: RuleRead[];
  /**
   * Sets the weights of all of them and answers with what they say afterwards. Rejects when one could not be changed.
   * @param orNone whether the others then get the weights back that they had
   */
  set(weights: Weights, options?: { orNone: boolean }): Promise<WeightsRead>;
}

export interface TestUrl {
  /** Base URL of the test listener, without a trailing slash; null of a pure worker. */
  of(settings: Settings): Promise<string | null>;
}

/** The target group of a place; undefined for the page of a service that has none. */
export const groupOf = ({ slots, maintenance }: Settings, place: Place) =>
  place === 'page' ? maintenance?.targetGroup : slots[place]?.targetGroup;

const forwardOf = (actions: Action[]) => actions.find((action) => action.Type === 'forward');

/**
 * After a weighted change the scalar TargetGroupArn is gone from the answer, so only ForwardConfig is read.
 * Source: Elastic Load Balancing API Reference, Action.
 */
function weightsIn(actions: Action[], settings: Settings): WeightsRead {
  const groups = forwardOf(actions)?.ForwardConfig?.TargetGroups;
  if (!groups) return { strange: 'the rule does not forward to target groups' };
  const weights: Weights = { a: 0, b: 0 };
  for (const { TargetGroupArn, Weight } of groups) {
    const place = PLACES.find((name) => groupOf(settings, name) === TargetGroupArn);
    if (!place)
      return {
        strange: `the rule forwards to ${TargetGroupArn}, which is neither slot's target group nor the maintenance page's`,
      };
    weights[place] = Weight ?? 1;
  }
  const { Enabled, DurationSeconds } = forwardOf(actions)?.ForwardConfig?.TargetGroupStickinessConfig ?? {};
  return Enabled ? { weights, boundSeconds: DurationSeconds ?? 0 } : { weights };
}

/** Describe actions of Elastic Load Balancing cannot be restricted to a resource. */
export const readRules: Grant = {
  sid: 'ReadRules',
  actions: ['elasticloadbalancing:DescribeRules'],
  on: '*',
  where: 'rules',
};
const readHealth: Grant = {
  sid: 'ReadTargetHealth',
  actions: ['elasticloadbalancing:DescribeTargetHealth'],
  on: '*',
  where: 'rules',
};

const actionsOf = (found: Rule[], rule: string) =>
  found.find(({ RuleArn }) => RuleArn === rule)?.Actions ?? [];

/** What rules of a service say; of a pure worker, which has none, that all of its work is its one slot's. */
export const readIn = (found: Rule[], rules: string[], settings: Settings): RuleRead[] =>
  settings.traffic
    ? rules.map((rule) => ({ rule, says: weightsIn(actionsOf(found, rule), settings) }))
    : [{ rule: '', says: { weights: allOn('a') } }];

export async function describeRules(elb: ElasticLoadBalancingV2Client, RuleArns: string[]): Promise<Rule[]> {
  if (RuleArns.length === 0) return [];
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns }));
  return Rules;
}

export const weightsReader: Port<WeightsReader> = {
  grants: [readRules],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    return {
      async of(settings) {
        const rules = rulesIn(settings);
        return saidByAll(readIn(await describeRules(elb, rules), rules, settings));
      },
    };
  },
};

export const testWeightsReader: Port<TestWeightsReader> = {
  grants: [readRules],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    return {
      async of(settings) {
        const { traffic } = settings;
        if (!traffic) return { strange: 'there is no test listener' };
        const found: Rule[] = [];
        let Marker: string | undefined;
        do {
          const page = await elb.send(
            new DescribeRulesCommand({ ListenerArn: traffic.testListener, Marker }),
          );
          found.push(...(page.Rules ?? []));
          Marker = page.NextMarker;
        } while (Marker);
        // where users and tests come by one listener, users' rules are known
        const known = [traffic.testRule, ...rulesIn({ traffic })];
        const other = found.find(
          ({ RuleArn = '', Actions = [] }) =>
            !known.includes(RuleArn) &&
            forwardOf(Actions)?.ForwardConfig?.TargetGroups?.some(({ TargetGroupArn, Weight = 1 }) =>
              SLOTS.some((slot) => Weight > 0 && groupOf(settings, slot) === TargetGroupArn),
            ),
        );
        if (other) return { strange: `${other.RuleArn} of the test listener forwards to a slot too` };
        return saidByAll(readIn(found, [traffic.testRule], settings));
      },
    };
  },
};

export const healthReader: Port<HealthReader> = {
  grants: [readHealth, ...readTaskHealth],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    const ecs = new ECSClient({});
    return {
      async of(settings, slot) {
        if (!settings.traffic) return taskHealth(ecs, settings.cluster, serviceIn(settings, slot));
        const { TargetHealthDescriptions = [] } = await elb.send(
          new DescribeTargetHealthCommand({ TargetGroupArn: groupOf(settings, slot) }),
        );
        const targets = TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
          target: `${Target?.Id}:${Target?.Port}`,
          state: TargetHealth?.State ?? 'unknown',
          reason: TargetHealth?.Description ?? TargetHealth?.Reason ?? '',
        }));
        return {
          healthy: targets.filter(({ state }) => state === 'healthy').length,
          others: targets.filter(({ state }) => state !== 'healthy'),
          addresses: TargetHealthDescriptions.flatMap(({ Target }) => Target?.Id ?? []),
        };
      },
    };
  },
};

/** As ModifyRule takes back what DescribeRules has shown: without the secret of a login, which it does not show. */
const shown = (action: Action): Action =>
  action.AuthenticateOidcConfig
    ? {
        ...action,
        AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true },
      }
    : action;

/**
 * ModifyRule replaces the whole list: other actions would be lost if left out. Users that the rule binds to a target group stay
 * there whatever its weight, so a rule that is changed binds nobody any more.
 * Source: Elastic Load Balancing, Application Load Balancers, "Edit target group attributes", sticky sessions and weighted target groups.
 */
function weighted(actions: Action[], settings: Settings, weights: Weights): Action[] {
  const forward = forwardOf(actions);
  // every group stays on the rule: one that no rule names is not health-checked
  const TargetGroups = PLACES.flatMap((place) => {
    const TargetGroupArn = groupOf(settings, place);
    return TargetGroupArn ? [{ TargetGroupArn, Weight: weights[place] ?? 0 }] : [];
  });
  return actions.map((action) =>
    action === forward
      ? {
          ...action,
          TargetGroupArn: undefined,
          ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } },
        }
      : shown(action),
  );
}

export const trafficShifter: Port<TrafficShifter> = {
  grants: [readRules, { sid: 'ShiftTraffic', actions: ['elasticloadbalancing:ModifyRule'], on: ['rules'] }],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    return {
      async open(which, settings) {
        const { traffic } = settings;
        const rules = which === 'production' ? rulesIn(settings) : traffic ? [traffic.testRule] : [];
        const found = await describeRules(elb, rules);
        const say = readIn(found, rules, settings);
        const give = (RuleArn: string, weights: Weights) => {
          const Actions = weighted(actionsOf(found, RuleArn), settings, weights);
          return elb.send(new ModifyRuleCommand({ RuleArn, Actions }));
        };
        return {
          say,
          async set(weights, { orNone } = { orNone: false }) {
            const changes = await Promise.allSettled(rules.map((rule) => give(rule, weights)));
            const failed = changes.find(({ status }) => status === 'rejected');
            if (failed?.status === 'rejected') {
              // also what is said to have failed, because it may have happened; what cannot be put back is half-way, and
              // whoever comes next knows both
              if (orNone && rules.length > 1)
                await Promise.allSettled(
                  say.map(({ rule, says }) => 'weights' in says && give(rule, says.weights)),
                );
              throw failed.reason;
            }
            return lookUntil(
              async () => saidByAll(readIn(await describeRules(elb, rules), rules, settings)),
              (said) => rules.length === 0 || weightsNotApplied(said, weights) === undefined,
            );
          },
        };
      },
    };
  },
};

export const testUrl: Port<TestUrl> = {
  grants: [
    {
      sid: 'FindTestListener',
      actions: ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeLoadBalancers'],
      on: '*',
      where: 'rules',
    },
  ],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    return {
      async of({ traffic }) {
        if (!traffic) return null;
        const [{ Listeners }, { LoadBalancers }] = await Promise.all([
          elb.send(new DescribeListenersCommand({ ListenerArns: [traffic.testListener] })),
          elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [traffic.loadBalancer] })),
        ]);
        const listener = Listeners?.[0];
        const scheme = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
        return `${scheme}://${LoadBalancers?.[0]?.DNSName}:${listener?.Port}`;
      },
    };
  },
};
