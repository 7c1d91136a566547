/** Requests of one period, as the load balancer publishes them. */
export interface RequestsPublished {
  /** When the period began, in ms since the epoch. */
  at: number;
  requests: number;
}

/** What is known of a side that is about to be scaled down. */
export interface Side {
  weight: number;
  /** When the weights last changed, and what time it is, in ms since the epoch. */
  changedAt: number;
  now: number;
  soakSeconds: number;
  /** How often the load balancer publishes. */
  periodSeconds: number;
  /** Requests by period, from `countedFrom` on, of this side and of the other. */
  requests: readonly RequestsPublished[];
  otherRequests: readonly RequestsPublished[];
}

export type MayScaleDown = { yes: true } | { yes: false; because: string };

/**
 * After so many periods the load balancer has published what it ever will: an Application Load Balancer does once a minute,
 * and CloudWatch shows it one to three minutes later.
 */
export const LATEST_PERIODS = 4;
/** Where neither side has requests, so many soaks without any decide. */
const IDLE_SOAKS = 2;

/** Since when requests have to be known, in ms since the epoch: what is silence, and what comes late. */
export const countedFrom = (now: number, soakSeconds: number, periodSeconds: number): number =>
  now - (IDLE_SOAKS * soakSeconds + (LATEST_PERIODS + 1) * periodSeconds) * 1000;

/**
 * May it be scaled down? A rule that reads 0 is no proof: its change takes time to reach the load balancer,
 * without a bound that AWS documents, and open connections live on. Nor are requests that nobody has published yet none. So:
 * weight 0, and a soak without a request that lies behind the change and before the newest period that is published, by the
 * other side's requests or by its age. When neither side has requests, two soaks decide.
 */
export function mayScaleDown(side: Side): MayScaleDown {
  const { weight, now, changedAt, soakSeconds } = side;
  const period = side.periodSeconds * 1000;
  const soak = soakSeconds * 1000;
  if (weight > 0) return { yes: false, because: `it still has weight ${weight}` };
  if (now - changedAt < soak)
    return {
      yes: false,
      because: `it has had weight 0 for ${Math.floor((now - changedAt) / 1000)} of ${soakSeconds} s`,
    };
  const newest = side.otherRequests.filter(({ at, requests }) => requests > 0 && at + period <= now).at(-1);
  const published = Math.max(newest ? newest.at + period : 0, now - LATEST_PERIODS * period);
  const quiet = published - (newest ? soak : IDLE_SOAKS * soak);
  // the period in which the change lies has requests of before it
  const late = side.requests.filter(
    ({ at, requests }) => requests > 0 && at + period > Math.max(quiet, changedAt),
  );
  const received = late.reduce((sum, { requests }) => sum + requests, 0);
  if (quiet >= changedAt && received === 0) return { yes: true };
  if (newest === undefined)
    return { yes: false, because: 'no requests are counted on either side yet, so silence proves nothing' };
  return {
    yes: false,
    because:
      received > 0 && late.some(({ at }) => at >= changedAt)
        ? `it still received ${received} requests in the last ${soakSeconds} s that are published`
        : `the load balancer has not yet published ${soakSeconds} s without requests`,
  };
}
