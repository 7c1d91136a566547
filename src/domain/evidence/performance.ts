import '../text/zod-english';
import * as z from 'zod/mini';
import type { Slot } from '../settings/choices';
import { secondsSince } from '../time/deadline';
import { FUNCTION_TIMEOUT_SECONDS } from '../time/limits';
import { allOn, describeWeights, sameWeights, type WeightsRead } from '../traffic/weights';
import type { Period } from './latency';
import { totalOf } from './request-counts';
import type { Thresholds } from './thresholds';

/**
 * Green and blue have one database, so what users feel of a wave is bounded here and not by who writes the settings: at most so
 * many at a time, so many a second, and for so long.
 */
const MOST = { concurrency: 50, requestsPerSecond: 500, seconds: 600 };
/** The 99th percentile of fewer is their slowest one. */
const FEWEST = 100;

/** A wave of requests on green through the test listener, and what is wanted of their answers. */
export const performanceSchema = z.strictObject({
  performance: z
    .strictObject({
      paths: z
        .array(z.string().check(z.startsWith('/')))
        .check(z.minLength(1), z.describe('What is asked with `GET`, in turns: nothing that changes data.')),
      headers: z.optional(
        z.record(z.string(), z.string()).check(z.describe('Sent as they are; no place for a secret.')),
      ),
      concurrency: z._default(
        z.int().check(z.minimum(1), z.maximum(MOST.concurrency), z.describe('Requests at the same time.')),
        10,
      ),
      requestsPerSecond: z._default(
        z
          .int()
          .check(
            z.minimum(1),
            z.maximum(MOST.requestsPerSecond),
            z.describe('Requests a second at most; with `seconds` the most that a wave has.'),
          ),
        50,
      ),
      seconds: z._default(
        z.int().check(z.minimum(1), z.maximum(MOST.seconds), z.describe('How long the wave goes on.')),
        60,
      ),
      maximumP95Ms: z
        .int()
        .check(
          z.positive(),
          z.describe('How long 95 % of the requests may take, as their sender measures it.'),
        ),
      maximumP99Ms: z.int().check(z.positive(), z.describe('The same of 99 %.')),
      maximumErrorShare: z._default(
        z
          .number()
          .check(
            z.minimum(0),
            z.maximum(1),
            z.describe('Share of the requests that may get 4xx, 5xx or no answer.'),
          ),
        0.01,
      ),
      latencyIncrease: z._default(
        z.nullable(
          z
            .number()
            .check(
              z.positive(),
              z.describe(
                "How much slower green may be than blue is for users in the same minutes, as a share of blue's time, both as the load balancer measures them; null: not compared.",
              ),
            ),
        ),
        0.5,
      ),
    })
    .check(
      z.refine(({ seconds, requestsPerSecond }) => seconds * requestsPerSecond >= FEWEST, {
        error: `expected seconds and requestsPerSecond that make at least ${FEWEST} requests, or there is no 99th percentile`,
      }),
    ),
});
export type PerformanceTest = z.infer<typeof performanceSchema>;
export type Wave = PerformanceTest['performance'];

/** So long does a step's function ask at a time: it has FUNCTION_TIMEOUT_SECONDS, and the last answers are waited for. */
const SLICE_SECONDS = 20;
/** In fewer slices, one that is lost would be the wave. */
const FEWEST_SLICES = 3;
/** An answer that has not come by then is none. */
export const ANSWER_MS = 5_000;

/** A part of a wave. */
export interface Slice {
  /** When the step was entered that sent it. */
  at: string;
  requests: number;
  /** 4xx, 5xx, or no answer. */
  errors: number;
  /** Of the newest error; empty without one. */
  because: string;
  /** How often which time was taken, by the number of its bucket. */
  times: Record<number, number>;
}

/** Seconds of each slice of a wave. */
export function slicesOf({ seconds }: Wave): number[] {
  const most = Math.min(SLICE_SECONDS, Math.ceil(seconds / FEWEST_SLICES));
  return Array.from({ length: Math.ceil(seconds / most) }, (_, index) =>
    Math.min(most, seconds - index * most),
  );
}

/** A slice whose function died: it is not asked again, or the wave could be larger than the settings say. */
export const lostSlice = (at: string): Slice => ({
  ...{ at, requests: 0, errors: 0, times: {} },
  because: 'the function that asked ended before it could tell',
});

/** Buckets are 2 % wide, so that histograms of slices add up and are as small for a million requests. */
const WIDTH = Math.log(1.02);
const SHORTEST_MS = 0.01;
export const bucketOf = (ms: number) => Math.ceil(Math.log(Math.max(ms, SHORTEST_MS) / SHORTEST_MS) / WIDTH);
/** The longest time that a bucket holds, in ms. */
const longestIn = (bucket: number) => SHORTEST_MS * Math.exp(bucket * WIDTH);

/** The time that so many percent of the requests took at most, in ms, to 2 % and never too short. */
export function percentile(slices: readonly Pick<Slice, 'times'>[], percent: number): number {
  const counts = new Map<number, number>();
  for (const { times } of slices)
    for (const [bucket, count] of Object.entries(times))
      counts.set(Number(bucket), (counts.get(Number(bucket)) ?? 0) + count);
  const ordered = [...counts].sort(([one], [other]) => one - other);
  let left = Math.ceil((ordered.reduce((sum, [, count]) => sum + count, 0) * percent) / 100);
  for (const [bucket, count] of ordered) {
    left -= count;
    if (left <= 0) return longestIn(bucket);
  }
  return 0;
}

/** Why a wave might reach users' targets; undefined where green alone gets it and no user is on green. */
export function reachesUsers(test: WeightsRead, production: WeightsRead, green: Slot): string | undefined {
  const said = (read: WeightsRead) => ('strange' in read ? read.strange : describeWeights(read.weights));
  if ('strange' in test || !sameWeights(test.weights, allOn(green)))
    return `the test listener does not lead to green alone (${said(test)})`;
  if ('strange' in production || production.weights[green] > 0)
    return `green may have users (the production rule: ${said(production)})`;
  return undefined;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const ms = (value: number) => `${Math.round(value)} ms`;
const sum = (slices: readonly Slice[], member: 'requests' | 'errors') =>
  slices.reduce((total, slice) => total + slice[member], 0);

/** What the slices so far say. */
export function tellWave(slices: readonly Slice[]): string {
  const [requests, errors] = [sum(slices, 'requests'), sum(slices, 'errors')];
  return `${errors} of ${requests} requests failed, p95 ${ms(percentile(slices, 95))}, p99 ${ms(percentile(slices, 99))}`;
}

/** What is over a limit whatever still comes: a green that fails everything is not asked a thousand times more. */
export function hopeless(wave: Wave, slices: readonly Slice[]): string | undefined {
  const errors = sum(slices, 'errors');
  return errors > wave.maximumErrorShare * wave.seconds * wave.requestsPerSecond
    ? `${errors} requests failed, more than ${percent(wave.maximumErrorShare)} of the whole wave, the newest: ${newestError(slices)}`
    : undefined;
}

const newestError = (slices: readonly Slice[]) => slices.findLast(({ because }) => because)?.because ?? '';

/** The limits that a whole wave is beyond, in words; empty when it is within all of them. */
export function beyondLimits(wave: Wave, slices: readonly Slice[]): string[] {
  const [requests, errors] = [sum(slices, 'requests'), sum(slices, 'errors')];
  if (requests === 0) return [`no request was counted: ${newestError(slices)}`];
  const [p95, p99] = [percentile(slices, 95), percentile(slices, 99)];
  return [
    ...(errors / requests > wave.maximumErrorShare
      ? [
          `${errors} of ${requests} requests failed (${percent(errors / requests)}), more than ${percent(wave.maximumErrorShare)}, the newest: ${newestError(slices)}`,
        ]
      : []),
    ...(p95 > wave.maximumP95Ms ? [`p95 ${ms(p95)}, more than ${wave.maximumP95Ms} ms`] : []),
    ...(p99 > wave.maximumP99Ms ? [`p99 ${ms(p99)}, more than ${wave.maximumP99Ms} ms`] : []),
  ];
}

/** A load balancer's newest minutes are seen one to three of them later. */
const LATE_PERIODS = 3;
/** As in the bake, the 99th percentile of fewer is hardly more than the slowest one. */
const P99_REQUESTS = 200;

/** The periods that a wave was in. */
export interface Minutes {
  from: Date;
  until: Date;
}

/**
 * Both sides' periods that belong to a wave.
 * @param ended when the step was entered that found it whole
 */
export function minutesOf(slices: readonly Slice[], ended: string, periodSeconds: number): Minutes {
  const period = periodSeconds * 1000;
  const begun = Math.min(...slices.map(({ at }) => Date.parse(at)));
  return {
    from: new Date(Math.floor(begun / period) * period),
    until: new Date(Math.ceil(Date.parse(ended) / period) * period),
  };
}

/** The longest that a wave can take with all that is waited for, in seconds: each slice as long as a function lives. */
export const longestWave = (wave: Wave, { periodSeconds }: Pick<Thresholds, 'periodSeconds'>) =>
  slicesOf(wave).length * FUNCTION_TIMEOUT_SECONDS + (LATE_PERIODS + 1) * periodSeconds;

/** Both sides' periods of a wave. */
export interface BothSides {
  green: readonly Period[];
  blue: readonly Period[];
}

/** Whether what the load balancer publishes of a wave's minutes is there, or has had its time to come. */
export function published(
  slices: readonly Slice[],
  { green, blue }: BothSides,
  { until, periodSeconds, now }: { until: Date; periodSeconds: number; now: Date },
): boolean {
  const late = secondsSince(until.toISOString(), now) > LATE_PERIODS * periodSeconds;
  return (
    late ||
    (totalOf(green).requests >= sum(slices, 'requests') && (blue.at(-1)?.until ?? 0) >= until.getTime())
  );
}

/**
 * Green under a wave beside blue under its users, in the same minutes and by the same measure, the load balancer's time to the
 * target. So blue is asked nothing: no wave, however small, is made on users' targets. Without enough on either side there is no
 * comparison, and that is no pass.
 */
export function slowerThanBlue(
  latencyIncrease: number,
  { green, blue }: BothSides,
  { minimumRequests, latencyFloorSeconds }: Pick<Thresholds, 'minimumRequests' | 'latencyFloorSeconds'>,
): { slower: boolean; said: string } {
  const counts = [totalOf(green).requests, totalOf(blue).requests] as const;
  const needed = Math.max(1, minimumRequests);
  if (Math.min(...counts) < needed)
    return {
      slower: true,
      said: `cannot be compared: in its minutes the load balancer counted ${counts[0]} requests on green and ${counts[1]} of users on blue, and ${needed} on each are needed; run longer, deploy when there are users, or set latencyIncrease to null`,
    };
  const compared = (['p50', 'p99'] as const)
    .filter((name) => name === 'p50' || Math.min(...counts) >= P99_REQUESTS)
    .flatMap((name) => {
      const [ofGreen, ofBlue] = [timeOf(green, name), timeOf(blue, name)];
      return ofGreen === undefined || ofBlue === undefined ? [] : [{ name, ofGreen, ofBlue }];
    });
  if (compared.length === 0)
    return {
      slower: true,
      said: 'cannot be compared: the load balancer publishes no response times; set latencyIncrease to null',
    };
  const slow = compared.filter(
    ({ ofGreen, ofBlue }) => ofGreen > Math.max(ofBlue * (1 + latencyIncrease), ofBlue + latencyFloorSeconds),
  );
  const told = (slow.length > 0 ? slow : compared)
    .map(
      ({ name, ofGreen, ofBlue }) => `${name} of green ${ms(ofGreen * 1000)}, of blue ${ms(ofBlue * 1000)}`,
    )
    .join(', ');
  return slow.length > 0
    ? { slower: true, said: `${told}, more than ${Math.round(latencyIncrease * 100)} % slower` }
    : { slower: false, said: told };
}

/** Of all periods together, by how many requests each had. */
function timeOf(periods: readonly Period[], name: 'p50' | 'p99'): number | undefined {
  const timed = periods.flatMap(({ requests, [name]: seconds }) =>
    seconds === undefined ? [] : [{ requests, seconds }],
  );
  const all = timed.reduce((total, { requests }) => total + requests, 0);
  return all === 0
    ? undefined
    : timed.reduce((total, { requests, seconds }) => total + requests * seconds, 0) / all;
}
