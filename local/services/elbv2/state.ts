import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ProxyListener } from '../../proxy/listener';
import type { Group } from '../../proxy/route';
import { Tally } from '../../proxy/tally';
import { faults } from './faults';
import type { GroupRecord } from './group-record';
import { loadBalancerNames } from './names';

export interface RuleRecord {
  readonly arn: string;
  /** Absent for a listener's default rule. */
  priority?: number;
  conditions: RuleCondition[];
  actions: Action[];
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancer: LoadBalancerRecord;
  readonly proxy: ProxyListener;
  readonly defaultRule: RuleRecord;
  rules: RuleRecord[];
}

/** A load balancer with what it has counted since the last flush. */
export class LoadBalancerRecord {
  readonly arn: string;
  readonly fullName: string;
  readonly tally = new Tally();
  readonly groupTallies = new Map<Group, Tally>();
  readonly listeners: ListenerRecord[] = [];

  constructor(
    readonly name: string,
    readonly created: Date,
    readonly scheme: string,
    readonly attributes: Record<string, string>,
    readonly securityGroups: string[] = [],
  ) {
    ({ arn: this.arn, fullName: this.fullName } = loadBalancerNames(name));
  }

  tallyOf(group: Group): Tally {
    let tally = this.groupTallies.get(group);
    if (!tally) {
      tally = new Tally();
      this.groupTallies.set(group, tally);
    }
    return tally;
  }
}

/** All rules of a listener in the order they are tried; the default rule is last. */
export const rulesOf = ({ rules, defaultRule }: ListenerRecord): RuleRecord[] => [
  ...rules.toSorted((a, b) => a.priority! - b.priority!),
  defaultRule,
];

const KINDS = {
  loadbalancer: 'load balancer',
  targetgroup: 'target group',
  listener: 'listener',
  'listener-rule': 'listener rule',
} as const;

function checkArn(kind: keyof typeof KINDS, arn: string): void {
  if (new RegExp(`^arn:[^:]+:elasticloadbalancing:[^:]+:\\d{12}:${kind}/[^:]+$`).test(arn)) return;
  throw faults.validation(`'${arn}' is not a valid ${KINDS[kind]} ARN`);
}

/** Everything that exists, by ARN; the getters throw ELB's "not found" exceptions. */
export class State {
  readonly loadBalancers = new Map<string, LoadBalancerRecord>();
  readonly targetGroups = new Map<string, GroupRecord>();
  readonly listeners = new Map<string, ListenerRecord>();
  readonly tags = new Map<string, Map<string, string>>();

  loadBalancer(arn: string): LoadBalancerRecord {
    checkArn('loadbalancer', arn);
    const found = this.loadBalancers.get(arn);
    if (!found) throw faults.noLoadBalancer(arn);
    return found;
  }

  targetGroup(arn: string): GroupRecord {
    checkArn('targetgroup', arn);
    const found = this.targetGroups.get(arn);
    if (!found) throw faults.noTargetGroup(arn);
    return found;
  }

  listener(arn: string): ListenerRecord {
    checkArn('listener', arn);
    const found = this.listeners.get(arn);
    if (!found) throw faults.noListener(arn);
    return found;
  }

  rule(arn: string): { listener: ListenerRecord; rule: RuleRecord } {
    checkArn('listener-rule', arn);
    for (const listener of this.listeners.values())
      for (const rule of rulesOf(listener)) if (rule.arn === arn) return { listener, rule };
    throw faults.noRule(arn);
  }

  /** Throws ELB's exception when there is nothing with this ARN. */
  require(arn: string): void {
    const [, kind] = /:elasticloadbalancing:[^:]*:[^:]*:([a-z-]+)\//.exec(arn) ?? [];
    if (kind === 'loadbalancer') this.loadBalancer(arn);
    else if (kind === 'targetgroup') this.targetGroup(arn);
    else if (kind === 'listener') this.listener(arn);
    else if (kind === 'listener-rule') this.rule(arn);
    else throw faults.validation(`'${arn}' is not a valid ELBv2 ARN`);
  }

  /** Adds tags to a resource that exists. */
  tag(arn: string, tags: readonly { Key?: string; Value?: string }[]): void {
    const held = this.tags.get(arn) ?? new Map<string, string>();
    for (const { Key, Value } of tags) held.set(Key!, Value ?? '');
    this.tags.set(arn, held);
  }
}
