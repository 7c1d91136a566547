import { AWS_QUOTAS, concerns, type Quota } from '../../local/throttling';

/** Calls of one deployment by operation: "ecs:UpdateService". */
export type Counts = Readonly<Record<string, number>>;

/** What no client calls: the states that executions enter. */
export const TRANSITIONS = 'states:StateTransition';

/**
 * In eu-west-1, us-east-1 and us-west-2. Source: AWS Step Functions Developer Guide, "Quotas", "Quotas related to state
 * throttling"; the local cloud does not limit it.
 */
const transitions: Quota = {
  service: 'states',
  name: 'state transitions',
  operations: ['StateTransition'],
  burst: 5000,
  perSecond: 5000,
};

/** A quota, and what it allows. */
export interface Capacity {
  quota: Quota;
  /** How much of it one deployment takes. */
  calls: number;
  /** Deployments per second that it bears for ever. */
  perSecond: number;
}

const callOf = (name: string) => {
  const [service = '', operation = ''] = name.split(':');
  return { service, operation };
};

/** What each quota bears of deployments that make these calls; the one that is met first is the first. */
export function capacities(counts: Counts): Capacity[] {
  return [...AWS_QUOTAS, transitions]
    .map((quota) => {
      const calls = Object.entries(counts)
        .filter(([name]) => concerns(quota, callOf(name)))
        .reduce((sum, [, times]) => sum + times, 0);
      return { quota, calls, perSecond: quota.perSecond / calls };
    })
    .filter(({ calls }) => calls > 0)
    .sort((one, other) => one.perSecond - other.perSecond);
}

/** Deployments per second in the busiest hour of a day, when that hour has so many times an average hour's. */
export const peakPerSecond = (services: number, perServiceAndDay: number, peak: number) =>
  (services * perServiceAndDay * peak) / 86_400;
