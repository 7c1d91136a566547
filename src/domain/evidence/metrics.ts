import { quantile } from 'simple-statistics';
import { MINIMUM_PERIODS } from './latency';
import type { OwnMetric } from './own';
import type { Evidence } from './verdict';

/** One period of one slot's series. */
export interface Point {
  /** When the period began, in ms since the epoch. */
  at: number;
  value: number;
}

/** What of the shift tells whose a period is. All in ms since the epoch, but the percent. */
export interface Moments {
  /** Since when blue was the only version in its slot, as far back as it is compared. */
  baseline: number;
  /** When users first reached green, and since when it has its present share. */
  firstAt: number;
  since: number;
  /** Until when blue's slot is blue's. */
  blueUntil: number;
  now: number;
  greenPercent: number;
}

/** In ms since the epoch. */
export interface Window {
  from: number;
  to: number;
}
/** What is asked of CloudWatch for a metric; of blue nothing where it is not compared. */
export interface Wanted {
  periodSeconds: number;
  green: Window;
  blue?: Window;
}

/** A metric with what was published of it. */
export interface Looked {
  metric: OwnMetric;
  periodSeconds: number;
  green: readonly Point[];
  blue: readonly Point[];
}

/** Green's newest periods: more than go by between two looks. */
const NEWEST = 100;
/** Blue's: enough to know its own ups and downs. */
const BLUE_NEWEST = 30;
/** Of blue's periods so many keep to the bound, so that a single bad one of its own excuses nothing. */
const USUAL = 0.9;
/** CloudWatch keeps periods below a minute so long. Source: Amazon CloudWatch User Guide, "Metrics retention". */
const FINE_MS = 3 * 3_600_000;
/** What is published is seen after three minutes at most; what was silent for longer is silent. */
const SILENT_MS = 180_000;

const isCount = ({ statistic }: OwnMetric) => statistic === 'Sum' || statistic === 'SampleCount';

/** Which periods of which slot are needed for a verdict. */
export function wantedOf(metric: OwnMetric, { baseline, since, blueUntil, now }: Moments): Wanted {
  const fine = metric.comparison === undefined || now - baseline < FINE_MS;
  const periodSeconds = fine ? metric.periodSeconds : Math.max(60, metric.periodSeconds);
  const period = periodSeconds * 1000;
  return {
    periodSeconds,
    green: { from: Math.max(since, now - NEWEST * period), to: now },
    ...(metric.comparison && { blue: { from: baseline, to: blueUntil } }),
  };
}

/** Do the service's own metrics speak against green? Any convicts, and any that has to say something and does not holds. */
export function judgeMetrics(looked: readonly Looked[], moments: Moments): Evidence {
  const judged = looked.map((one) => ({ name: nameOf(one.metric), ...judge(one, moments) }));
  const verdict =
    (['unhealthy', 'undecided'] as const).find((one) => judged.some(({ verdict }) => verdict === one)) ??
    'healthy';
  return {
    verdict,
    because: judged
      .filter((one) => one.verdict === verdict)
      .map(({ name, because }) => `${name}: ${because}`)
      .join('; '),
    numbers: Object.fromEntries(judged.map(({ name, numbers }) => [name, numbers])),
  };
}

const nameOf = ({ namespace, metric, statistic }: OwnMetric) => `${namespace}/${metric} (${statistic})`;
const rounded = (value: number) => Number(value.toPrecision(3));

/** The value that green should keep to, and on which side of it. */
interface Bound {
  value: number;
  worse: 'higher' | 'lower';
  said: string;
}

function judge(looked: Looked, moments: Moments): Evidence {
  const { metric, periodSeconds } = looked;
  const points = greenOf(looked, moments);
  const green = points.map(({ value }) => value);
  const blue = blueOf(looked, moments);
  const numbers = {
    green: green.slice(-10).map(rounded),
    ...(metric.comparison && { blue: blue.slice(-10).map(rounded) }),
  };
  const missing = (because: string): Evidence => ({ verdict: metric.missingData, because, numbers });
  const bound = boundOf(metric, blue);
  if (!bound) return missing(`${blue.length} periods of blue are published, ${MINIMUM_PERIODS} are needed`);
  const beyond = (value: number) => (bound.worse === 'higher' ? value > bound.value : value < bound.value);
  const found = runs(green, metric.periods).find((values) => values.every(beyond));
  const periods = `${metric.periods} periods of ${periodSeconds} s`;
  if (found)
    return {
      verdict: 'unhealthy',
      because: `green ${found.map(rounded).join(', ')} in ${periods} in a row, ${bound.said}`,
      numbers,
    };
  const late = Math.max(MINIMUM_PERIODS * periodSeconds * 1000, SILENT_MS);
  const newest = points.at(-1);
  if (!newest || newest.at < moments.now - late)
    return missing(`nothing of green is published${newest ? ' any more' : ''}`);
  if (green.length < metric.periods) return missing(`${green.length} of ${periods} of green are published`);
  return { verdict: 'healthy', because: `green ${rounded(newest.value)}, ${bound.said}`, numbers };
}

/** Undefined where too little is known of blue. */
function boundOf({ limit, comparison }: OwnMetric, blue: readonly number[]): Bound | undefined {
  if (limit?.above !== undefined)
    return { value: limit.above, worse: 'higher', said: `${limit.above} or less is wanted` };
  if (limit?.below !== undefined)
    return { value: limit.below, worse: 'lower', said: `${limit.below} or more is wanted` };
  if (!comparison || blue.length < MINIMUM_PERIODS) return undefined;
  const { worse, difference, floor } = comparison;
  const usual = quantile([...blue], worse === 'higher' ? USUAL : 1 - USUAL);
  const more = Math.max(Math.abs(usual) * difference, floor);
  const value = worse === 'higher' ? usual + more : usual - more;
  const side = worse === 'higher' ? 'less' : 'more';
  return {
    value,
    worse,
    said: `${rounded(value)} or ${side} is wanted, for nine in ten of ${blue.length} periods of blue are at ${rounded(usual)} or ${side}`,
  };
}

/**
 * Green's periods that are over. A count of the period in which the shift fell is not whole, and neither may that of the
 * newest be: not every task has published yet.
 */
function greenOf({ metric, periodSeconds, green }: Looked, { since, now, greenPercent }: Moments): Point[] {
  const period = periodSeconds * 1000;
  const over = green.filter(({ at }) => at + period <= now && at + period > since);
  if (!isCount(metric)) return over;
  const whole = over.filter(({ at }) => at >= since).slice(0, -1);
  return metric.comparison
    ? whole.map(({ at, value }) => ({ at, value: (value * 100) / greenPercent }))
    : whole;
}

/** Blue's periods with the share of the traffic that it had in them, its newest ones. */
function blueOf({ metric, periodSeconds, blue }: Looked, moments: Moments): number[] {
  const { firstAt, since, blueUntil, greenPercent } = moments;
  const period = periodSeconds * 1000;
  const until = greenPercent === 100 ? Math.min(since, blueUntil) : blueUntil;
  const shareAt = (at: number) => {
    if (at + period <= firstAt) return 100;
    return at >= since ? 100 - greenPercent : undefined;
  };
  return blue
    .filter(({ at }) => at + period <= until)
    .flatMap(({ at, value }) => {
      if (!isCount(metric)) return value;
      const share = shareAt(at);
      return share ? (value * 100) / share : [];
    })
    .slice(-BLUE_NEWEST);
}

/** All values that follow each other, so many at a time. */
const runs = (values: readonly number[], length: number): number[][] =>
  Array.from({ length: Math.max(0, values.length - length + 1) }, (_, index) =>
    values.slice(index, index + length),
  );
