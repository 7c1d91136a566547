import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../clock';
import { compileConditions } from '../../proxy/conditions';
import type { Route } from '../../proxy/route';
import { groupsOf, proxyAction } from './actions';
import { faults } from './faults';
import { type ListenerRecord, rulesOf, type State } from './state';

const FEWEST_PRIORITY = 1;
const LARGEST_PRIORITY = 50_000;

/** Rewriting requests is refused by name. */
export function refuseTransforms(transforms: readonly unknown[] | undefined): void {
  if (transforms?.length)
    throw faults.configuration('Rule transforms are not served locally; leave Transforms out');
}

/** Brings rules from the API to the proxy, and target groups into and out of use. */
export class Routing {
  private readonly ended = new AbortController();

  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    /** How long the proxy goes on following the old rules after a change; AWS gives no bound for it. */
    private readonly propagationMs: number,
  ) {}

  /** Throws when a group is unknown or belongs to another load balancer. */
  checkGroups(listener: Pick<ListenerRecord, 'loadBalancer'>, actions: readonly Action[]): void {
    for (const arn of groupsOf(actions)) {
      const { loadBalancerArn } = this.state.targetGroup(arn);
      if (loadBalancerArn && loadBalancerArn !== listener.loadBalancer.arn)
        throw faults.targetGroupElsewhere(arn);
    }
  }

  /** Throws when the proxy cannot judge a condition. */
  checkConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
    if (!conditions || conditions.length === 0) throw faults.validation('A condition must be specified');
    try {
      compileConditions(conditions);
    } catch (error) {
      throw faults.validation((error as Error).message);
    }
    return [...conditions];
  }

  /** Throws when the priority is out of range or taken by another rule of the listener. */
  checkPriority(listener: ListenerRecord, priority: number | string, own?: string): number {
    const number = Number(priority);
    if (!(Number.isInteger(number) && number >= FEWEST_PRIORITY && number <= LARGEST_PRIORITY))
      throw faults.validation(
        `Priority '${priority}' must be between ${FEWEST_PRIORITY} and ${LARGEST_PRIORITY}`,
      );
    if (listener.rules.some((rule) => rule.priority === number && rule.arn !== own))
      throw faults.priorityInUse(String(number));
    return number;
  }

  /** To be called after every change of a listener's rules. */
  changed(listener: ListenerRecord): void {
    this.refreshUse();
    const routes = rulesOf(listener).map<Route>(({ conditions, actions }) => ({
      matches: compileConditions(conditions),
      action: proxyAction(actions, (arn) => this.state.targetGroup(arn).group),
    }));
    if (this.propagationMs === 0) {
      listener.proxy.follow(routes);
      return;
    }
    // Sleeps of equal length end in the order they began, so a later change never loses to an earlier one.
    this.clock.sleep(this.propagationMs, this.ended.signal).then(
      () => listener.proxy.follow(routes),
      () => {},
    );
  }

  close(): void {
    this.ended.abort();
  }

  /** To be called when rules have gone with their listener; target groups that no other one names are not asked any more. */
  refreshUse(): void {
    const users = new Map<string, string>();
    for (const listener of this.state.listeners.values())
      for (const { actions } of rulesOf(listener))
        for (const arn of groupsOf(actions)) users.set(arn, listener.loadBalancer.arn);
    for (const record of this.state.targetGroups.values()) {
      record.loadBalancerArn = users.get(record.arn);
      record.group.use(users.has(record.arn));
    }
  }
}
