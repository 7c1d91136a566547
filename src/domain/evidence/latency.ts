import { median } from 'simple-statistics';
import { rankSum } from './rank-sum';
import type { RequestCounts } from './request-counts';
import type { Thresholds } from './thresholds';
import type { Evidence } from './verdict';

/** One period of one side as the load balancer publishes it; response times in seconds, absent where nothing answered. */
export interface Period extends RequestCounts {
  /** When it ended, in ms since the epoch. */
  until: number;
  p50?: number;
  p99?: number;
}

/**
 * So many periods on each side, because fewer could not convict whatever they hold: the most extreme of the C(10,5) = 252
 * ways to rank five against five has p = 0.004.
 */
export const MINIMUM_PERIODS = 5;
/** As Kayenta has it: Mann-Whitney at 98 %, of which one side is 1 %. */
const SIGNIFICANT = 0.01;
/** The 99th percentile of fewer requests is hardly more than their slowest one. */
const P99_REQUESTS = 200;

type Percentile = 'p50' | 'p99';

/** Green's and blue's values of one percentile, over the periods that hold enough requests to count. */
interface Sides {
  green: number[];
  blue: number[];
}

/**
 * Is green slower than blue? Ranks of whole periods are compared, so that a single slow one decides nothing, and with a
 * dead band: green has to be significantly above blue's values raised by the allowed increase, and by the floor, since
 * twice a millisecond is no harm. The 99th percentile counts where periods hold enough requests to have one.
 */
export function judgeLatency(
  { green, blue }: { green: readonly Period[]; blue: readonly Period[] },
  thresholds: Thresholds,
): Evidence {
  const { latencyIncrease, latencyWarning } = thresholds;
  if (latencyIncrease === null) return { verdict: 'healthy', because: 'latency is not judged', numbers: {} };
  const sidesOf = (percentile: Percentile): Sides => ({
    green: valuesOf(green, percentile, thresholds),
    blue: valuesOf(blue, percentile, thresholds),
  });
  const p50 = sidesOf('p50');
  if (!enough(p50)) return undecided(p50, thresholds);
  const p99 = sidesOf('p99');
  const judged = [compare('p50', p50, thresholds), ...(enough(p99) ? [compare('p99', p99, thresholds)] : [])];
  const numbers = Object.fromEntries(judged.map(({ percentile, numbers }) => [percentile, numbers]));
  const found = (slower: (one: Compared) => boolean, increase: number) =>
    judged
      .filter(slower)
      .map(({ said }) => `${said}, more than ${Math.round(increase * 100)} % slower`)
      .join('; ');
  const slow = found(({ numbers }) => numbers.p < SIGNIFICANT, latencyIncrease);
  if (slow) return { verdict: 'unhealthy', because: slow, numbers };
  const slower = found(({ warns }) => warns < SIGNIFICANT, latencyWarning);
  const because = judged.map(({ said }) => said).join('; ');
  return { verdict: 'healthy', because, numbers, ...(slower ? { warning: slower } : {}) };
}

/** Half of what an even spread of the fewest requests would give each of the fewest periods. */
export const requestsOfPeriod = (percentile: Percentile, { minimumRequests }: Thresholds) =>
  percentile === 'p99' ? P99_REQUESTS : Math.max(1, Math.ceil(minimumRequests / (2 * MINIMUM_PERIODS)));

const valuesOf = (periods: readonly Period[], percentile: Percentile, thresholds: Thresholds) =>
  periods
    .filter(({ requests }) => requests >= requestsOfPeriod(percentile, thresholds))
    .flatMap((period) => period[percentile] ?? []);

const enough = ({ green, blue }: Sides) => Math.min(green.length, blue.length) >= MINIMUM_PERIODS;

function undecided({ green, blue }: Sides, thresholds: Thresholds): Evidence {
  const { periodSeconds } = thresholds;
  const wanted = `periods of ${periodSeconds} s with at least ${requestsOfPeriod('p50', thresholds)} requests`;
  const remedy =
    green.length + blue.length === 0
      ? '; for a service whose load balancer publishes no response times set latencyIncrease to null'
      : '';
  return {
    verdict: 'undecided',
    because: `latency is known for ${green.length} ${wanted} on green and ${blue.length} on blue, ${MINIMUM_PERIODS} on each are needed${remedy}`,
    numbers: { periods: [green.length, blue.length] },
  };
}

interface Compared {
  percentile: Percentile;
  /** Medians in seconds, how many periods, and the probability of such ranks for a green at the edge of the dead band. */
  numbers: { green: number; blue: number; periods: [number, number]; p: number };
  /** The same probability at the edge of the warning's band. */
  warns: number;
  said: string;
}

function compare(percentile: Percentile, { green, blue }: Sides, thresholds: Thresholds): Compared {
  const { latencyIncrease, latencyWarning, latencyFloorSeconds } = thresholds;
  const beyond = (increase: number) =>
    rankSum(
      green,
      blue.map((value) => Math.max(value * (1 + increase), value + latencyFloorSeconds)),
    ).p;
  const medians = { green: median(green), blue: median(blue) };
  return {
    percentile,
    numbers: {
      ...medians,
      periods: [green.length, blue.length],
      p: latencyIncrease === null ? 1 : beyond(latencyIncrease),
    },
    warns: beyond(latencyWarning),
    said: `${percentile} of green ${ms(medians.green)}, of blue ${ms(medians.blue)}`,
  };
}

const ms = (seconds: number) => `${Math.round(seconds * 1000)} ms`;
