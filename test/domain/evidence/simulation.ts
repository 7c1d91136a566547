import { probit } from 'simple-statistics';
import { judgeErrors } from '../../../src/domain/evidence/errors';
import { judgeLatency, type Period } from '../../../src/domain/evidence/latency';
import type { Thresholds } from '../../../src/domain/evidence/thresholds';
import { type Evidence, greenVerdict } from '../../../src/domain/evidence/verdict';
import { afterLook } from '../../../src/domain/traffic/bake';
import { nextLook } from '../../../src/domain/traffic/observation-interval';
import { type Chance, chance } from './chance';

/** A service's traffic as the load balancer would publish it, minute by minute. */
export interface Service {
  requestsPerSecond: number;
  /** The usual share of 5xx answers; it moves by about a fifth from minute to minute. */
  errorRate: number;
  /** How wide the log-normal response times are: 1 means that the slowest percent takes ten times the median. */
  sigma: number;
}

/** What a green does differently. */
export interface Green {
  moreErrors?: number;
  slower?: number;
}

export interface Shift {
  steps: { percent: number; bakeSeconds: number }[];
  evidenceSeconds: number;
}

export const canary = (percent: number, bakeSeconds: number): Shift => ({
  steps: [
    { percent, bakeSeconds },
    { percent: 100, bakeSeconds },
  ],
  evidenceSeconds: 900,
});

const MEDIAN_SECONDS = 0.05;
/** New processes are slow at first: caches are cold, nothing is compiled. */
const COLD = [3, 1.5];

/** How a minute of the whole service differs from the others, on both sides alike. */
interface Minute {
  load: number;
  trouble: number;
}

/** The order statistic that CloudWatch's percentile is, of n log-normal response times. */
function percentile(of: Chance, share: number, n: number, sigma: number): number {
  const rank = Math.max(1, Math.ceil(share * n));
  return MEDIAN_SECONDS * Math.exp(sigma * probit(of.orderStatistic(rank, n)));
}

/** One side's traffic over some minutes; the last may be a part of one. */
function traffic(
  of: Chance,
  service: Service,
  share: number,
  minutes: Minute[],
  seconds: number,
  { moreErrors = 0, slower = 0 }: Green,
  cold: boolean,
): Period[] {
  const periods: Period[] = [];
  for (let from = 0, index = 0; from < seconds; from += 60, index++) {
    const { load, trouble } = minutes[index] ?? { load: 1, trouble: 1 };
    const requests = of.poisson(service.requestsPerSecond * share * Math.min(60, seconds - from));
    if (requests === 0) continue;
    const factor = load * (1 + slower) * (cold ? (COLD[index] ?? 1) : 1);
    periods.push({
      requests,
      errors: of.binomial(requests, Math.min(1, service.errorRate * trouble + moreErrors)),
      unanswered: 0,
      clientErrors: 0,
      until: 0,
      p50: factor * percentile(of, 0.5, requests, service.sigma),
      p99: factor * percentile(of, 0.99, requests, service.sigma),
    });
  }
  return periods;
}

export interface Ended {
  outcome: 'finish' | 'return';
  /** What stopped it: the piece of evidence, or that it stayed undecided. */
  by?: 'errors' | 'latency' | 'silence';
  looks: number;
}

/** A whole deployment: every look of every bake, decided as `ObserveGreen` decides. */
export function deploy(
  seed: number,
  service: Service,
  shift: Shift,
  thresholds: Thresholds,
  green: Green = {},
): Ended {
  const of = chance(seed);
  const minutesOf = (seconds: number): Minute[] =>
    Array.from({ length: Math.ceil(seconds / 60) + 1 }, () => ({
      load: Math.exp(0.15 * of.normal()),
      trouble: Math.exp(0.2 * of.normal()),
    }));
  const calm = minutesOf(600);
  const before = traffic(of, service, 1, calm, 600, {}, false);
  let looks = 0;
  for (const [index, { percent, bakeSeconds }] of shift.steps.entries()) {
    const longest = bakeSeconds + shift.evidenceSeconds + 60;
    const minutes = minutesOf(longest);
    const share = percent / 100;
    for (let elapsed = nextLook(0, bakeSeconds); ; ) {
      looks++;
      // drawn anew for each look from the same seed, so that what has been seen once stays as it was
      const same = () => chance(seed * 1000 + index);
      const candidate = traffic(same(), service, share, minutes, elapsed, green, index === 0);
      const blue =
        percent < 100
          ? traffic(chance(seed * 1000 + 500 + index), service, 1 - share, minutes, elapsed, {}, false)
          : before;
      const sides = { green: candidate, blue, sameMinutes: percent < 100 };
      const evidence: Record<'errors' | 'latency', Evidence> = {
        errors: judgeErrors(sides, thresholds),
        latency: judgeLatency(sides, thresholds),
      };
      const verdict = greenVerdict(Object.values(evidence));
      const next = afterLook(verdict, {
        elapsedSeconds: elapsed,
        bakeSeconds,
        publishedSeconds: elapsed,
        periodSeconds: 60,
        evidenceSeconds: shift.evidenceSeconds,
        lastStep: index === shift.steps.length - 1,
        minimumSeconds: 0,
        usersNeeded: true,
        suspected: false,
      });
      if (next.next === 'return') {
        const by = (['errors', 'latency'] as const).find((name) => evidence[name].verdict === 'unhealthy');
        return { outcome: 'return', by: by ?? 'silence', looks };
      }
      if (next.next !== 'wait') break;
      elapsed += next.waitSeconds;
    }
  }
  return { outcome: 'finish', looks };
}

/** How many requests a green with more errors gets until it is convicted, looked at every 50; undefined beyond `most`. */
export function requestsToConviction(
  seed: number,
  { errorRate, moreErrors, bluePerGreen }: { errorRate: number; moreErrors: number; bluePerGreen: number },
  thresholds: Thresholds,
  most: number,
): number | undefined {
  const of = chance(seed);
  const green = { requests: 0, errors: 0, unanswered: 0, clientErrors: 0 };
  const blue = { requests: 0, errors: 0, unanswered: 0, clientErrors: 0 };
  const every = 50;
  while (green.requests < most) {
    green.requests += every;
    green.errors += of.binomial(every, errorRate + moreErrors);
    blue.requests += every * bluePerGreen;
    blue.errors += of.binomial(every * bluePerGreen, errorRate);
    if (judgeErrors({ green: [green], blue: [blue], sameMinutes: true }, thresholds).verdict === 'unhealthy')
      return green.requests;
  }
  return undefined;
}
