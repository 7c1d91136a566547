import { judgeErrors } from '../../../src/domain/evidence/errors';
import { settled } from '../../../src/domain/evidence/request-counts';
import { judgeTestRequests, type TestBatch } from '../../../src/domain/evidence/test-requests';
import type { Thresholds } from '../../../src/domain/evidence/thresholds';
import { greenVerdict } from '../../../src/domain/evidence/verdict';
import { afterLook } from '../../../src/domain/traffic/bake';
import { nextLook } from '../../../src/domain/traffic/observation-interval';
import { type Chance, chance } from './chance';

/** A green of which a share of the answers fails from the moment on in which users reach it. */
export interface Failing {
  requestsPerSecond: number;
  /** Percent of the requests that it gets. */
  percent: number;
  /** The share of its answers that fail; on blue nothing does. */
  failing: number;
  bakeSeconds: number;
  /** How long after the end of a minute the load balancer has published it. */
  delaySeconds: number;
  /** Test requests per look. */
  testRequests: number;
}

const MINUTE = 60;

/** The published minutes of a side that got so many requests a second since `from`; all in seconds. */
function published(of: Chance, from: number, now: number, delay: number, rate: number, failing: number) {
  const counted = [];
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute + MINUTE + delay <= now; minute += MINUTE) {
    const requests = of.poisson(rate * (MINUTE - Math.max(0, from - minute)));
    const serverError = of.binomial(requests, failing);
    counted.push({
      requests,
      answers: { success: requests - serverError, redirect: 0, clientError: 0, serverError },
    });
  }
  return settled(counted, MINUTE);
}

/**
 * Seconds from the first failing answer to the return of traffic, as `ObserveGreen` decides; undefined when the bake ends well
 * or for lack of evidence.
 * @param phase seconds of a minute that have passed when users reach green
 */
export function detectionSeconds(
  seed: number,
  phase: number,
  green: Failing,
  thresholds: Thresholds,
): number | undefined {
  const { requestsPerSecond, percent, failing, bakeSeconds, delaySeconds } = green;
  const share = percent / 100;
  const asks = chance(seed);
  const batches: TestBatch[] = [];
  for (let elapsed = nextLook(0, bakeSeconds); ; ) {
    // drawn anew for each look from the same seed, so that what has been seen once stays as it was
    const side = (of: Chance, part: number, errors: number) =>
      published(of, phase, phase + elapsed, delaySeconds, requestsPerSecond * part, errors);
    const sides = {
      green: side(chance(seed * 1000), share, failing),
      blue: side(chance(seed * 1000 + 1), percent < 100 ? 1 - share : 1, 0),
      sameMinutes: percent < 100,
    };
    const minutes = sides.green.length;
    const suspected = () => judgeTestRequests(batches, sides.blue, thresholds).verdict === 'undecided';
    if (green.testRequests > 0 && (minutes < 2 || suspected())) {
      const failures = asks.binomial(green.testRequests, failing);
      const of = { requests: green.testRequests, failures, errors: failures, clientErrors: 0 };
      batches.push({ ...of, at: '', because: 'it fails' });
    }
    const verdict = greenVerdict([
      judgeErrors(sides, thresholds),
      judgeTestRequests(batches, sides.blue, thresholds),
    ]);
    const next = afterLook(verdict, {
      elapsedSeconds: elapsed,
      bakeSeconds,
      publishedSeconds: minutes === 0 ? 0 : minutes * MINUTE - phase,
      periodSeconds: MINUTE,
      evidenceSeconds: 900,
      lastStep: true,
      usersNeeded: true,
      suspected: suspected(),
    });
    if (next.next === 'return') return verdict.verdict === 'unhealthy' ? elapsed : undefined;
    if (next.next !== 'wait') return undefined;
    elapsed += next.waitSeconds;
  }
}

export interface Detection {
  median: number;
  worst: number;
  missed: number;
}

/** Over all phases of the minute, several times each. */
export function detection(green: Failing, thresholds: Thresholds, runs = 20): Detection {
  const found: number[] = [];
  let missed = 0;
  for (let phase = 0; phase < MINUTE; phase++)
    for (let run = 0; run < runs; run++) {
      const seconds = detectionSeconds(1 + phase * runs + run, phase, green, thresholds);
      if (seconds === undefined) missed++;
      else found.push(seconds);
    }
  found.sort((one, other) => one - other);
  return { median: found[Math.floor(found.length / 2)] ?? NaN, worst: found.at(-1) ?? NaN, missed };
}
