import type { Clock } from '../../clock';
import type { Metrics, Service, Targets } from '../../service';
import { operations } from './operations';
import { Publishing } from './publishing';
import { resources } from './resources';
import { Routing } from './routing';
import { State } from './state';

export interface Elbv2 extends Service, Targets {}

export interface Elbv2Options {
  clock: Clock;
  metrics: Metrics;
  /** How long the proxy goes on following the old rules after a change, in ms of cloud time; 0 by default. */
  propagationMs?: number;
  /** Sends a GET once more when its target died before it answered; ELB does not. Off by default. */
  retryGet?: boolean;
}

/** Application Load Balancers on loopback: real HTTP proxies, weighted target groups, health checks, draining. */
export function createElbv2({ clock, metrics, propagationMs = 0, retryGet = false }: Elbv2Options): Elbv2 {
  const state = new State();
  const routing = new Routing(state, clock, propagationMs);
  const publishing = new Publishing(state, metrics, clock);
  const published = publishing.run();

  return {
    signingName: 'elasticloadbalancing',
    operations: operations(state, routing),
    resources: resources(state, routing, { clock, retryGet }),
    register: (arn, { id, port }) => {
      const record = state.targetGroup(arn);
      const target = record.target({ Id: id, Port: port });
      record.group.register(target.id, target.port);
    },
    deregister: (arn, { id, port }) => state.targetGroup(arn).group.deregister(id, port),
    health: (arn, target) => state.targetGroup(arn).health(target).TargetHealth!.State!,
    close: async () => {
      routing.close();
      publishing.close();
      await Promise.all([...state.listeners.values()].map(({ proxy }) => proxy.close()));
      await Promise.all([...state.targetGroups.values()].map(({ group }) => group.close()));
      await published;
    },
  };
}
