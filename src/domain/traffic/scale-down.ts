/** What is known of a side that is about to be scaled down. */
export interface Side {
  weight: number;
  /** Seconds since the weights last changed. */
  sinceChange: number;
  soakSeconds: number;
  /** Requests of this side, and of the other, during the last soak. */
  requests: number;
  otherRequests: number;
}

export type MayScaleDown = { yes: true } | { yes: false; because: string };

/**
 * May it be scaled down? A rule that reads 0 is no proof: its change takes time to reach the load balancer,
 * without a bound that AWS documents, and open connections live on. So: weight 0, a soak, and no request
 * counted while the other side's were. When neither side has requests, two soaks decide.
 */
export function mayScaleDown(side: Side): MayScaleDown {
  if (side.weight > 0) return { yes: false, because: `it still has weight ${side.weight}` };
  if (side.sinceChange < side.soakSeconds)
    return {
      yes: false,
      because: `it has had weight 0 for ${Math.floor(side.sinceChange)} of ${side.soakSeconds} s`,
    };
  if (side.requests > 0)
    return {
      yes: false,
      because: `it still received ${side.requests} requests in the last ${side.soakSeconds} s`,
    };
  if (side.otherRequests === 0 && side.sinceChange < 2 * side.soakSeconds)
    return { yes: false, because: 'no requests are counted on either side yet, so silence proves nothing' };
  return { yes: true };
}
