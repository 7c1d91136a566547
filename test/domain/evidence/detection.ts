import { judgeErrors } from '../../../src/domain/evidence/errors';
import { judgeMetrics, type Moments, type Point, wantedOf } from '../../../src/domain/evidence/metrics';
import type { OwnMetric } from '../../../src/domain/evidence/own';
import { settled } from '../../../src/domain/evidence/request-counts';
import { judgeTestRequests, type TestBatch } from '../../../src/domain/evidence/test-requests';
import type { Thresholds } from '../../../src/domain/evidence/thresholds';
import { greenVerdict } from '../../../src/domain/evidence/verdict';
import { afterLook, isAsked } from '../../../src/domain/traffic/bake';
import { nextLook, oftenFor } from '../../../src/domain/traffic/observation-interval';
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
  /** When it begins to fail, in seconds after its first user; at once unless given. */
  beginsSeconds?: number;
  /** A metric of its own with the share of its answers that failed, by slot. */
  own?: OwnMetric;
}

const MINUTE = 60;
/** How long after its end a period of the service's own metric is there. */
const OWN_DELAY = 5;

/** What of a side's answers fails since when; all in seconds. */
interface Side {
  from: number;
  rate: number;
  failing: number;
  failingFrom: number;
}

/** A period's requests and how many of them fail. */
function counts(of: Chance, { from, rate, failing, failingFrom }: Side, at: number, seconds: number) {
  const part = (since: number) => Math.min(seconds, Math.max(0, at + seconds - since));
  const bad = of.poisson(rate * part(Math.max(from, failingFrom)));
  const good = of.poisson(rate * (part(from) - part(Math.max(from, failingFrom))));
  return { requests: bad + good, serverError: of.binomial(bad, failing) };
}

/** The periods of a side that are published by a moment; what was seen once stays as it was. */
function periodsOf(of: Chance, side: Side, seconds: number, delay: number) {
  const drawn: { at: number; requests: number; serverError: number }[] = [];
  let at = Math.floor(side.from / seconds) * seconds;
  return (now: number) => {
    for (; at + seconds + delay <= now; at += seconds) drawn.push({ at, ...counts(of, side, at, seconds) });
    return drawn;
  };
}

function published(of: Chance, side: Side, delay: number) {
  const minutes = periodsOf(of, side, MINUTE, delay);
  return (now: number) =>
    settled(
      minutes(now).map(({ requests, serverError }) => ({
        requests,
        answers: { success: requests - serverError, redirect: 0, clientError: 0, serverError },
      })),
      MINUTE,
    );
}

/** The share of its answers that failed, and nothing of a period without any. */
function ownPoints(of: Chance, side: Side, seconds: number) {
  const periods = periodsOf(of, side, seconds, OWN_DELAY);
  return (now: number): Point[] =>
    periods(now).flatMap(({ at, requests, serverError }) =>
      requests > 0 ? { at: at * 1000, value: serverError / requests } : [],
    );
}

/** What the metric says at a look; all in seconds. */
function judgeOwn(metric: OwnMetric, points: Point[], since: number, now: number, greenPercent: number) {
  const moments: Moments = {
    baseline: since * 1000,
    firstAt: since * 1000,
    since: since * 1000,
    blueUntil: now * 1000,
    now: now * 1000,
    greenPercent,
  };
  const { periodSeconds, green } = wantedOf(metric, moments);
  const within = points.filter(({ at }) => at + periodSeconds * 1000 > green.from);
  return judgeMetrics([{ metric, periodSeconds, green: within, blue: [] }], moments);
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
  const { requestsPerSecond, percent, failing, bakeSeconds, delaySeconds, beginsSeconds = 0, own } = green;
  const share = percent / 100;
  const asks = chance(seed);
  const batches: TestBatch[] = [];
  let asked: number | undefined;
  const often = oftenFor(own ? [own] : [], percent < 100 ? 2 : 1);
  const side = (part: number, errors: number): Side => ({
    from: phase,
    rate: requestsPerSecond * part,
    failing: errors,
    failingFrom: phase + beginsSeconds,
  });
  const bad = side(share, failing);
  const good = side(percent < 100 ? 1 - share : 1, 0);
  const minutesOf = {
    green: published(chance(seed * 1000), bad, delaySeconds),
    blue: published(chance(seed * 1000 + 1), good, delaySeconds),
  };
  const points = own && ownPoints(chance(seed * 1000 + 2), bad, own.periodSeconds);
  for (let elapsed = nextLook(0, bakeSeconds, often); ; ) {
    const now = phase + elapsed;
    const sides = {
      green: minutesOf.green(now),
      blue: minutesOf.blue(now),
      sameMinutes: percent < 100,
    };
    const minutes = sides.green.length;
    const suspected = () => judgeTestRequests(batches, sides.blue, thresholds).verdict === 'undecided';
    const due = isAsked({ elapsedSeconds: elapsed, bakeSeconds, suspected: suspected() }, asked);
    if (green.testRequests > 0 && due && (minutes < 2 || suspected())) {
      const failures = asks.binomial(green.testRequests, elapsed < beginsSeconds ? 0 : failing);
      const of = { requests: green.testRequests, failures, errors: failures, clientErrors: 0 };
      batches.push({ ...of, at: '', because: 'it fails' });
      asked = elapsed;
    }
    const verdict = greenVerdict([
      judgeErrors(sides, thresholds),
      judgeTestRequests(batches, sides.blue, thresholds),
      ...(own && points ? [judgeOwn(own, points(now), phase, now, percent)] : []),
    ]);
    const next = afterLook(verdict, {
      elapsedSeconds: elapsed,
      bakeSeconds,
      publishedSeconds: minutes === 0 ? 0 : minutes * MINUTE - phase,
      periodSeconds: MINUTE,
      evidenceSeconds: 900,
      lastStep: true,
      minimumSeconds: 0,
      usersNeeded: true,
      suspected: suspected(),
      often,
    });
    if (next.next === 'return') return verdict.verdict === 'unhealthy' ? elapsed - beginsSeconds : undefined;
    if (next.next !== 'wait') return undefined;
    elapsed += next.waitSeconds;
  }
}

export interface Detection {
  median: number;
  worst: number;
  missed: number;
  /** The share that is found within what is aimed at where the service publishes often. */
  soon: number;
}

export const SOON_SECONDS = 45;

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
  return {
    median: found[Math.floor(found.length / 2)] ?? NaN,
    worst: found.at(-1) ?? NaN,
    missed,
    soon: found.filter((seconds) => seconds <= SOON_SECONDS).length / (found.length + missed),
  };
}
