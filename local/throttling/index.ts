import { TokenBucket } from './bucket';
import { AWS_QUOTAS, concerns, type Quota } from './quotas';

export { AWS_QUOTAS, concerns, type Quota } from './quotas';

/** Whose rates hold: `aws` is what an account gets before it asks for more. */
export type Rates = 'aws' | 'none';

export interface Throttling {
  /** Whether a call at this time (ms) is within the rates; a call that is refused costs nothing. */
  admits(call: { service: string; operation: string }, now: number): boolean;
  /** How many calls were refused, by "ecs:RegisterTaskDefinition". */
  refused(): ReadonlyMap<string, number>;
}

const quotasOf = (rates: Rates) => (rates === 'aws' ? AWS_QUOTAS : []);

/** The buckets of one account in one region; a call needs a token of every bucket that concerns it. */
export function createThrottling(quotas: Rates | readonly Quota[]): Throttling {
  const buckets = (typeof quotas === 'string' ? quotasOf(quotas) : quotas).map((quota) => ({
    quota,
    bucket: new TokenBucket(quota.burst, quota.perSecond),
  }));
  const refused = new Map<string, number>();
  return {
    refused: () => refused,
    admits(call, now) {
      const own = buckets.filter(({ quota }) => concerns(quota, call));
      const admitted = own.map(({ bucket }) => bucket.has(now)).every(Boolean);
      if (admitted) for (const { bucket } of own) bucket.take();
      else {
        const name = `${call.service}:${call.operation}`;
        refused.set(name, (refused.get(name) ?? 0) + 1);
      }
      return admitted;
    },
  };
}
