import { errorFunction } from 'simple-statistics';
import { MINIMUM_PERIODS, requestsOfPeriod } from '../evidence/latency';
import type { Thresholds } from '../evidence/thresholds';
import type { overrides, Strategy } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { BASELINE_SECONDS } from '../traffic/bake';
import type { RequestsPublished } from '../traffic/scale-down';
import { infeasible } from './feasibility';
import { stepsOf, type TrafficStep } from './strategy';

/** A load balancer's newest minutes are seen one to three of them later. */
const LATE_PERIODS = 3;
/** Half as much again may come as came lately: what would not do even then is hopeless. */
const GROWTH = 1.5;

/** Since when requests are counted for their rate, in ms since the epoch. */
export const rateStart = (now: number, { periodSeconds }: Pick<Thresholds, 'periodSeconds'>) =>
  now - (BASELINE_SECONDS + LATE_PERIODS * periodSeconds) * 1000;

/**
 * Requests a second that a service gets, over the periods that are published: from the first one that had any, because its
 * users may just have come, to the last, or to when that would have been seen. The newest is left out, for it may grow.
 * @param published of both slots, for they may have traded roles meanwhile
 */
export function requestRate(
  published: readonly RequestsPublished[],
  now: number,
  { periodSeconds }: Pick<Thresholds, 'periodSeconds'>,
): number {
  const period = periodSeconds * 1000;
  const times = [...new Set(published.map(({ at }) => at))].sort((one, other) => one - other);
  const newest = times.at(-1);
  const [first] = times;
  if (first === undefined || newest === undefined) return 0;
  const until = times.length === 1 ? newest + period : newest;
  const end = Math.max(until, now - LATE_PERIODS * period);
  const requests = published.reduce((sum, { at, requests }) => (at < until ? sum + requests : sum), 0);
  return (requests * 1000) / Math.max(period, end - first);
}

/** The probability of so many or more where `mean` come on average: Poisson, or its normal approximation. */
function atLeast(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean > 500) return (1 - errorFunction((count - 0.5 - mean) / Math.sqrt(2 * mean))) / 2;
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count && (k < mean || term > 1e-12); k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}

/** What a side needs to be judged by, and how long that takes at a rate. */
interface Gathered {
  requestsSeconds: number;
  periodsSeconds: number;
}
function gathered(rate: number, thresholds: Thresholds): Gathered {
  const { minimumRequests, latencyIncrease, periodSeconds } = thresholds;
  const enough = atLeast(requestsOfPeriod('p50', thresholds), rate * periodSeconds);
  return {
    requestsSeconds: minimumRequests === 0 ? 0 : minimumRequests / rate,
    periodsSeconds: latencyIncrease === null ? 0 : (MINIMUM_PERIODS * periodSeconds) / enough,
  };
}
const longer = ({ requestsSeconds, periodsSeconds }: Gathered) => Math.max(requestsSeconds, periodsSeconds);

/** A side of a step: what it gets a second, and how long its requests may gather. */
interface Side {
  step: TrafficStep;
  name: 'green' | 'blue';
  rate: number;
  /** In the bake itself. */
  seconds: number;
  /** With the time for late evidence; blue's of before the shift are what they are. */
  mostSeconds: number;
}

function sidesOf(steps: readonly TrafficStep[], { thresholds, deadlines }: Settings, rate: number): Side[] {
  const late = LATE_PERIODS * thresholds.periodSeconds;
  // however many requests come, response times take their periods, the first of which began before
  const least = (thresholds.latencyIncrease === null ? 1 : MINIMUM_PERIODS + 1) * thresholds.periodSeconds;
  return steps.flatMap((step) => {
    const { percent, bakeSeconds } = step;
    const times = {
      seconds: Math.max(bakeSeconds - late, least),
      mostSeconds: bakeSeconds + deadlines.evidenceSeconds - late,
    };
    const before = Math.max(bakeSeconds, BASELINE_SECONDS);
    return [
      { step, name: 'green' as const, rate: (rate * percent) / 100, ...times },
      percent < 100
        ? { step, name: 'blue' as const, rate: (rate * (100 - percent)) / 100, ...times }
        : { step, name: 'blue' as const, rate, seconds: before, mostSeconds: before },
    ];
  });
}

const inTime =
  (thresholds: Thresholds) =>
  ({ rate, seconds }: Side) =>
    longer(gathered(rate, thresholds)) <= seconds;

/** Can every side of every step be judged at the end of its bake? */
const suffices = (strategy: Strategy, settings: Settings, rate: number) =>
  infeasible({ strategy, settings }).length === 0 &&
  sidesOf(stepsOf(strategy, settings), settings, rate).every(inTime(settings.thresholds));

export type Outlook = { enough: true } | { hopeless: string } | { slow: string };

/**
 * Can the evidence come together at the rate that the service has? Hopeless is what could not within bake and
 * `evidenceSeconds`, slow what needs more than the bake.
 */
export function outlookAt(
  requestsPerSecond: number,
  strategy: Strategy,
  steps: readonly TrafficStep[],
  settings: Settings,
): Outlook {
  const { thresholds } = settings;
  const lacking = sidesOf(steps, settings, requestsPerSecond).filter((side) => !inTime(thresholds)(side));
  if (lacking.length === 0) return { enough: true };
  const hopeless = lacking.filter(
    ({ rate, mostSeconds }) => longer(gathered(rate * GROWTH, thresholds)) > mostSeconds,
  );
  const worst = [...(hopeless.length > 0 ? hopeless : lacking)].sort(
    (one, other) => one.rate - other.rate,
  )[0]!;
  const tooFew = longer(gathered(worst.rate, thresholds)) > worst.mostSeconds;
  const remedies = remediesAt(requestsPerSecond, strategy, settings);
  const lately = `${settings.service} got ${perMinute(requestsPerSecond)} lately`;
  const said = `${lately}: ${sum(worst, settings)}; what would do: ${remedies.join(', or ')}`;
  return hopeless.length > 0
    ? { hopeless: `too few requests for a verdict, so this would be rolled back: ${said}` }
    : { slow: `${tooFew ? 'too few requests for a verdict, unless more come' : 'few requests'}: ${said}` };
}

const perMinute = (rate: number) => {
  const count = rate * 60;
  if (count === 0) return 'no requests';
  return `${count < 10 ? Number(count.toPrecision(2)) : Math.round(count)} requests a minute`;
};

/** The sum, for the side that gets the fewest. */
function sum({ step, name, rate, mostSeconds }: Side, { thresholds, deadlines }: Settings): string {
  const { minimumRequests, periodSeconds, latencyIncrease } = thresholds;
  const { requestsSeconds, periodsSeconds } = gathered(rate, thresholds);
  const took = (seconds: number) => {
    if (seconds > 100 * 86_400) return 'never come';
    return `take ${Math.ceil(seconds)} s`;
  };
  const needs = [
    ...(minimumRequests > 0 ? [`${minimumRequests} ${took(requestsSeconds)}`] : []),
    ...(latencyIncrease === null
      ? []
      : [
          `${MINIMUM_PERIODS} periods of ${periodSeconds} s with at least ${requestsOfPeriod('p50', thresholds)} ${took(periodsSeconds)}`,
        ]),
  ].join(', ');
  const has =
    name === 'blue' && step.percent === 100
      ? `the ${mostSeconds} s before the shift are all there is of blue`
      : `there are ${step.bakeSeconds} s of bake and ${deadlines.evidenceSeconds} s for late evidence, of which ${LATE_PERIODS * periodSeconds} s are not published yet`;
  return `at ${step.percent} % on green, ${name} has ${perMinute(rate)}, of which ${needs}, and ${has}`;
}

const BAKES = [300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** Other settings with which the same rate suffices, the smallest change of each kind. */
function remediesAt(rate: number, strategy: Strategy, settings: Settings): string[] {
  const { canaryPercent, linear, bakeSeconds, limits, thresholds } = settings;
  const fits = (changes: Partial<Settings>, other = strategy) =>
    suffices(other, { ...settings, ...changes }, rate);
  const found: string[] = [];
  const where = (name: (typeof overrides)[number]) =>
    limits.overrides.includes(name) ? '' : " in the service's settings";
  const first = <Value extends string | number>(
    values: readonly Value[],
    fit: (value: Value) => boolean,
    words: (value: Value) => string,
  ) => {
    const value = values.find(fit);
    if (value !== undefined) found.push(words(value));
  };
  const above = (from: number, most: number) =>
    Array.from({ length: most - from }, (_, index) => from + 1 + index);
  if (strategy === 'CANARY')
    first(
      above(canaryPercent, 99),
      (percent) => fits({ canaryPercent: percent }),
      (percent) => `canaryPercent ${percent}${where('canaryPercent')}`,
    );
  if (strategy === 'LINEAR')
    first(
      above(linear.percent, 50),
      (percent) => fits({ linear: { ...linear, percent } }),
      (percent) => `linear.percent ${percent}${where('linear')}`,
    );
  if (strategy === 'LINEAR')
    first(
      BAKES.filter((seconds) => seconds > linear.seconds),
      (seconds) => fits({ linear: { ...linear, seconds }, bakeSeconds: Math.max(seconds, bakeSeconds) }),
      (seconds) => `linear.seconds and bakeSeconds ${seconds}${where('linear')}`,
    );
  else
    first(
      BAKES.filter((seconds) => seconds > bakeSeconds),
      (seconds) => fits({ bakeSeconds: seconds }),
      (seconds) => `bakeSeconds ${seconds}${where('bakeSeconds')}`,
    );
  if (strategy === 'CANARY' || strategy === 'LINEAR')
    first(
      limits.strategies.filter((other) => other === 'ALL_AT_ONCE'),
      (other) => fits({}, other),
      (other) => `strategy ${other}${where('strategy')}`,
    );
  first(
    fewer(thresholds.minimumRequests),
    (minimumRequests) => fits({ thresholds: { ...thresholds, minimumRequests } }),
    (minimumRequests) => `thresholds.minimumRequests ${minimumRequests}${where('thresholds')}`,
  );
  found.push(
    `thresholds.minimumRequests 0 and latencyIncrease null${where('thresholds')}, so that its smokeTests, alarms and metrics decide`,
  );
  return found;
}

/** From nine tenths down to a hundredth, in round numbers. */
const fewer = (most: number): number[] =>
  [
    ...new Set([0.9, 0.75, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01].map((share) => Math.floor(most * share))),
  ].filter((count) => count > 0);
