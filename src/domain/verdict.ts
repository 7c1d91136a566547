import type { Thresholds } from './settings';

/** Requests and 5xx answers of one side over a window. */
export interface Answers {
  requests: number;
  errors: number;
}

export interface Verdict {
  verdict: 'healthy' | 'unhealthy' | 'undecided';
  /** For an operator: the numbers that decided. */
  because: string;
}

/** One-sided 99.9 % quantile of the standard normal distribution. */
const SIGNIFICANT = 3.09;

const ratio = ({ requests, errors }: Answers) => (requests === 0 ? 0 : errors / requests);
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

/**
 * The pooled two-proportion z statistic: how many standard errors green's ratio lies above blue's.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3.
 */
export function twoProportionZ(green: Answers, blue: Answers): number {
  const pooled = (green.errors + blue.errors) / (green.requests + blue.requests);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / green.requests + 1 / blue.requests));
  return spread === 0 ? 0 : (ratio(green) - ratio(blue)) / spread;
}

/**
 * Is green worse than blue? Too few requests on either side decide nothing: silence is never a pass.
 * A green that fails outright is convicted without blue, by the ceiling.
 */
export function judge(green: Answers, blue: Answers, thresholds: Thresholds): Verdict {
  const numbers = `green ${green.errors} of ${green.requests} requests failed (${percent(ratio(green))}), blue ${blue.errors} of ${blue.requests} (${percent(ratio(blue))})`;
  if (green.requests < thresholds.minimumRequests)
    return {
      verdict: 'undecided',
      because: `${numbers}; at least ${thresholds.minimumRequests} requests on green are needed`,
    };
  if (ratio(green) >= thresholds.errorRateCeiling)
    return {
      verdict: 'unhealthy',
      because: `${numbers}; the ceiling is ${percent(thresholds.errorRateCeiling)}`,
    };
  if (blue.requests < thresholds.minimumRequests)
    return {
      verdict: 'undecided',
      because: `${numbers}; at least ${thresholds.minimumRequests} requests on blue are needed`,
    };
  const worse =
    ratio(green) - ratio(blue) >= thresholds.errorRateIncrease && twoProportionZ(green, blue) > SIGNIFICANT;
  return worse
    ? {
        verdict: 'unhealthy',
        because: `${numbers}; more than ${percent(thresholds.errorRateIncrease)} worse`,
      }
    : { verdict: 'healthy', because: numbers };
}

/**
 * Seconds until the next look at a bake: often at first, when a bad release shows, then less and less, so
 * that a day of baking costs tens of transitions and not thousands.
 */
export function nextLook(elapsedSeconds: number, bakeSeconds: number): number {
  const pause = Math.min(Math.max(Math.ceil(elapsedSeconds / 4), 1), 900);
  const left = Math.ceil(bakeSeconds - elapsedSeconds);
  return left > 0 ? Math.min(pause, left) : pause;
}
