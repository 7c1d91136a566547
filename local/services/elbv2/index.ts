import type { Clock } from '../../clock';
import type { Functions, Metrics, Service, Targets } from '../../service';
import { removals, updates } from './changes';
import { groupCreation } from './group-creation';
import { atOnce, late } from './late';
import { operations } from './operations';
import { Publishing } from './publishing';
import { type IdentityOf, resources } from './resources';
import { Routing } from './routing';
import { State } from './state';

export interface Elbv2 extends Service, Targets {}

export interface Elbv2Options {
  clock: Clock;
  metrics: Metrics;
  /** What answers for target groups of type lambda. */
  functions: Functions;
  /** How long the proxy goes on following the old rules after a change, in ms of cloud time; 0 by default. */
  propagationMs?: number;
  /**
   * How long after its registration a target is asked for the first time, in ms of cloud time; at once by default, at most
   * an interval. AWS documents the interval, and no moment of the first check.
   */
  firstCheckMs?: number;
  /** How much later than it was counted a metric is shown, by minutes; without it at once, by moments. */
  metricsDelayMs?: number;
  identityOf?: IdentityOf;
  /** Sends a GET once more when its target died before it answered; ELB does not. Off by default. */
  retryGet?: boolean;
}

/** Application Load Balancers on loopback: real HTTP proxies, weighted target groups, health checks, draining. */
export function createElbv2(options: Elbv2Options): Elbv2 {
  const {
    clock,
    metrics,
    functions,
    propagationMs = 0,
    firstCheckMs = 0,
    retryGet = false,
    identityOf = () => undefined,
    metricsDelayMs,
  } = options;
  const createGroup = groupCreation({ clock, functions, firstCheckMs });
  const state = new State();
  const routing = new Routing(state, clock, propagationMs);
  const publishing = new Publishing(
    state,
    metricsDelayMs === undefined ? atOnce(metrics) : late(metrics, clock, metricsDelayMs),
    clock,
  );
  const published = publishing.run();

  return {
    signingName: 'elasticloadbalancing',
    operations: operations(state, routing, createGroup),
    resources: resources(state, routing, { clock, retryGet, createGroup, identityOf }),
    updates: updates(state, routing),
    removals: removals(state, routing),
    refusals: {
      'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Type = 'application' }) =>
        Type === 'application'
          ? undefined
          : `a load balancer of type ${Type} is not served locally; use application`,
    },
    register: (arn, { id, port }) => state.targetGroup(arn).register([{ Id: id, Port: port }]),
    deregister: async (arn, { id, port }) => {
      await state.targetGroup(arn).deregister([{ Id: id, Port: port }]);
    },
    health: (arn, { id, port }) =>
      state.targetGroup(arn).health([{ Id: id, Port: port }])[0]!.TargetHealth!.State!,
    tagsOf: (arn) => Object.fromEntries(state.tags.get(arn) ?? []),
    close: async () => {
      routing.close();
      publishing.close();
      await Promise.all([...state.listeners.values()].map(({ proxy }) => proxy.close()));
      await Promise.all([...state.targetGroups.values()].map(({ group }) => group.close()));
      await published;
    },
  };
}
