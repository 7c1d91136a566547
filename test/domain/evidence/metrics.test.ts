import { judgeMetrics, type Moments, type Point, wantedOf } from '../../../src/domain/evidence/metrics';
import { metricSchema, type OwnMetric, ownEvidenceSchema } from '../../../src/domain/evidence/own';
import { problemsOf } from '../../../src/domain/text/schema-problems';
import { type Chance, chance } from './chance';

const SHIFT = Date.parse('2026-01-01T12:00:00Z');
const SECONDS = 10;
const series = (values: readonly number[], from: number): Point[] =>
  values.map((value, index) => ({ at: from + index * SECONDS * 1000, value }));

const metric = (more: object): OwnMetric =>
  metricSchema.parse({
    namespace: 'Shop',
    metric: 'Orders',
    dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
    statistic: 'Average',
    periodSeconds: SECONDS,
    ...more,
  });
const above = (limit: number, more: object = {}) => metric({ limit: { above: limit }, ...more });
const below = (limit: number, more: object = {}) => metric({ limit: { below: limit }, ...more });
const worse = (side: 'higher' | 'lower', difference: number, more: object = {}) =>
  metric({ comparison: { worse: side, difference }, ...more });

/** Blue's ten minutes before the shift, which it had to itself. */
const usually = (value: number) => Array.from({ length: 60 }, (_, index) => value * (1 + (index % 5) / 100));

interface Published {
  green: readonly number[];
  /** Since the shift; as many as of green. */
  blue?: readonly number[];
  before?: readonly number[];
  greenPercent?: number;
}
function judge(of: OwnMetric, { green, blue = [], before = [], greenPercent = 10 }: Published, late = 0) {
  const now = SHIFT + (green.length * SECONDS + late) * 1000;
  const moments: Moments = {
    baseline: SHIFT - before.length * SECONDS * 1000,
    firstAt: SHIFT,
    since: SHIFT,
    blueUntil: now,
    now,
    greenPercent,
  };
  return judgeMetrics(
    [
      {
        metric: of,
        periodSeconds: SECONDS,
        green: series(green, SHIFT),
        blue: [...series(before, moments.baseline), ...series(blue, SHIFT)],
      },
    ],
    moments,
  );
}

describe('a metric with a limit', () => {
  it.each<[string, OwnMetric, number[], string]>([
    ['below it', above(5), [1, 5, 2], 'healthy'],
    ['above it for once', above(5), [1, 9, 2, 9], 'healthy'],
    ['above it twice in a row', above(5), [1, 9, 9, 2], 'unhealthy'],
    ['above it for once, where that is enough', above(5, { periods: 1 }), [1, 9, 2], 'unhealthy'],
    ['below what is wanted', below(5), [9, 1, 1], 'unhealthy'],
    ['as much as is wanted', below(5), [9, 5, 5], 'healthy'],
    ['known for too short a time', above(5), [1], 'undecided'],
    ['never published', above(5), [], 'undecided'],
    ['never published, which is well', above(5, { missingData: 'healthy' }), [], 'healthy'],
    // the newest count may still grow, and the oldest one began before the shift
    [
      'a count that is low in the newest period only',
      below(5, { statistic: 'Sum' }),
      [9, 9, 9, 1, 1],
      'healthy',
    ],
    ['a count that is low for longer', below(5, { statistic: 'Sum' }), [9, 9, 1, 1, 1], 'unhealthy'],
  ])('%s', (_, of, green, verdict) => {
    expect(judge(of, { green }).verdict).toBe(verdict);
  });

  it('says which values convicted, and what is wanted', () => {
    expect(judge(above(5), { green: [1, 9.1234, 7] })).toEqual({
      verdict: 'unhealthy',
      because: 'Shop/Orders (Average): green 9.12, 7 in 2 periods of 10 s in a row, 5 or less is wanted',
      numbers: { 'Shop/Orders (Average)': { green: [1, 9.12, 7] } },
    });
  });

  it('does not acquit a green that published once and is silent now', () => {
    expect(judge(above(5), { green: [1, 1, 1] }, 240)).toMatchObject({
      verdict: 'undecided',
      because: 'Shop/Orders (Average): nothing of green is published any more',
    });
    expect(judge(above(5), { green: [1, 1, 1] }, 120).verdict).toBe('healthy');
  });

  it('does not take for green what was published before the shift, or for a period that is not over', () => {
    const early = series([9, 9, 9], SHIFT - 30_000);
    const open = { at: SHIFT + 20_000, value: 9 };
    const moments = { baseline: 0, firstAt: SHIFT, since: SHIFT, blueUntil: 0, greenPercent: 10 };
    const looked = { metric: above(5), periodSeconds: SECONDS, blue: [] };
    const green = [...early, ...series([1, 1], SHIFT), open];
    expect(judgeMetrics([{ ...looked, green }], { ...moments, now: SHIFT + 25_000 }).verdict).toBe('healthy');
  });
});

describe('a metric that is compared with blue', () => {
  it.each<[string, OwnMetric, Published, string]>([
    ['as blue', worse('higher', 0.25), { green: [10, 11, 10], before: usually(10) }, 'healthy'],
    ['a bit worse', worse('higher', 0.25), { green: [12, 12, 12], before: usually(10) }, 'healthy'],
    ['much worse', worse('higher', 0.25), { green: [15, 15], before: usually(10) }, 'unhealthy'],
    ['better', worse('higher', 0.25), { green: [1, 1, 1], before: usually(10) }, 'healthy'],
    ['lower, where that is worse', worse('lower', 0.25), { green: [5, 5], before: usually(10) }, 'unhealthy'],
    ['higher, where that is well', worse('lower', 0.25), { green: [50, 50], before: usually(10) }, 'healthy'],
    [
      'worse than a blue that never fails, within the floor',
      metric({ comparison: { worse: 'higher', difference: 1, floor: 0.05 } }),
      { green: [0.04, 0.04], before: usually(0) },
      'healthy',
    ],
    [
      'worse than a blue that never fails, by more than the floor',
      metric({ comparison: { worse: 'higher', difference: 1, floor: 0.05 } }),
      { green: [0.06, 0.06], before: usually(0) },
      'unhealthy',
    ],
    [
      'no excuse by a single bad period of blue',
      worse('higher', 0.25),
      { green: [15, 15], before: [...usually(10), 90] },
      'unhealthy',
    ],
    ['too little of blue', worse('higher', 0.25), { green: [15, 15], before: [10, 10, 10, 10] }, 'undecided'],
    [
      'too little of blue, which is well',
      worse('higher', 0.25, { missingData: 'healthy' }),
      { green: [15, 15], before: [10] },
      'healthy',
    ],
  ])('%s', (_, of, published, verdict) => {
    expect(judge(of, published).verdict).toBe(verdict);
  });

  it('compares counts as if each side had all the traffic', () => {
    const orders = worse('lower', 0.3, { statistic: 'Sum' });
    const before = usually(100);
    const blue = [90, 91, 89, 90];
    expect(judge(orders, { green: [10, 10, 9, 10], blue, before }).verdict).toBe('healthy');
    expect(judge(orders, { green: [10, 4, 4, 4], blue, before })).toMatchObject({
      verdict: 'unhealthy',
      because: expect.stringMatching(/green 40, 40 in 2 periods of 10 s in a row, \d+ or more is wanted/),
    });
    // at 100 % blue has nothing left, which is no bad period of its own
    const all = { green: [100, 99, 100, 98], blue: [0, 0, 0, 0], before, greenPercent: 100 };
    expect(judge(orders, all).verdict).toBe('healthy');
    expect(judge(orders, { ...all, green: [100, 40, 40, 40] }).verdict).toBe('unhealthy');
  });

  it('asks for blue from before the shift on, and for minutes where CloudWatch keeps nothing finer', () => {
    const moments = { baseline: SHIFT, firstAt: SHIFT, since: SHIFT, blueUntil: SHIFT, greenPercent: 10 };
    const compared = worse('higher', 0.25);
    const hour = { ...moments, now: SHIFT + 3_600_000 };
    expect(wantedOf(compared, hour)).toEqual({
      periodSeconds: 10,
      green: { from: hour.now - 1_000_000, to: hour.now },
      blue: { from: SHIFT, to: SHIFT },
    });
    expect(wantedOf(compared, { ...moments, now: SHIFT + 4 * 3_600_000 }).periodSeconds).toBe(60);
    expect(wantedOf(above(1), { ...moments, now: SHIFT + 4 * 3_600_000 })).toMatchObject({
      periodSeconds: 10,
    });
    expect(wantedOf(above(1), hour).blue).toBeUndefined();
  });
});

it('convicts by any of several metrics, and waits for each', () => {
  const moments = {
    baseline: 0,
    firstAt: SHIFT,
    since: SHIFT,
    blueUntil: 0,
    now: SHIFT + 20_000,
    greenPercent: 10,
  };
  const looked = (of: OwnMetric, green: number[]) => ({
    metric: of,
    periodSeconds: SECONDS,
    green: series(green, SHIFT),
    blue: [],
  });
  const [good, bad, silent] = [looked(above(5), [1, 1]), looked(below(5), [1, 1]), looked(above(5), [])];
  expect(judgeMetrics([good, bad, silent], moments).verdict).toBe('unhealthy');
  expect(judgeMetrics([good, silent], moments).verdict).toBe('undecided');
  expect(judgeMetrics([good, good], moments).verdict).toBe('healthy');
});

describe('ten minutes of periods of ten seconds, by chance', () => {
  const DEPLOYMENTS = 200;
  type Value = (dice: Chance, side: 'green' | 'blue', percent: number) => number;
  /** In which period each of many greens is convicted; undefined where it never is. */
  const convictedIn = (of: OwnMetric, value: Value) =>
    Array.from({ length: DEPLOYMENTS }, (_, seed) => {
      const dice = chance(seed + 1);
      const before = Array.from({ length: 60 }, () => value(dice, 'blue', 100));
      const [green, blue]: [number[], number[]] = [[], []];
      while (green.length < 60) {
        green.push(value(dice, 'green', 10));
        blue.push(value(dice, 'blue', 90));
        if (judge(of, { green, blue, before }).verdict === 'unhealthy') return green.length;
      }
      return undefined;
    });
  const orders = worse('lower', 0.5, { statistic: 'Sum' });
  const failing = metric({ comparison: { worse: 'higher', difference: 0.5, floor: 0.1 } });
  const share = (dice: Chance, percent: number, failures: number) =>
    dice.binomial(percent * 5, failures) / (percent * 5);

  it('leave a healthy green alone: 50 orders and 50 requests of its own in each', () => {
    const counts = convictedIn(orders, (dice, _side, percent) => dice.poisson(percent * 5));
    const shares = convictedIn(failing, (dice, _side, percent) => share(dice, percent, 0.005));
    expect([...counts, ...shares].filter(Boolean).length).toBeLessThanOrEqual(DEPLOYMENTS / 100);
  });

  it('convict a healthy one too where there are five orders in each: what the documents warn of', () => {
    const counts = convictedIn(orders, (dice, _side, percent) => dice.poisson(percent / 2));
    expect(counts.filter(Boolean).length).toBeGreaterThan(DEPLOYMENTS / 3);
  });

  it('convict one that loses most orders in the third, and one that fails a quarter of its requests in the second', () => {
    const counts = convictedIn(orders, (dice, side, percent) =>
      dice.poisson(side === 'green' ? percent : percent * 5),
    );
    const shares = convictedIn(failing, (dice, side, percent) =>
      share(dice, percent, side === 'green' ? 0.25 : 0.005),
    );
    // a count is believed when the next one has come
    expect(counts.filter((period) => period !== 3).length).toBeLessThanOrEqual(DEPLOYMENTS / 100);
    expect(shares.filter((period) => period !== 2).length).toBeLessThanOrEqual(DEPLOYMENTS / 20);
  });
});

describe('what a service may set', () => {
  const good = {
    namespace: 'Shop',
    metric: 'Orders',
    dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
    statistic: 'p99.9',
    periodSeconds: 10,
    limit: { above: 1 },
  };
  it.each<[string, object, string]>([
    [
      'both bounds',
      { comparison: { worse: 'higher', difference: 1 } },
      ': expected exactly one of limit and comparison',
    ],
    ['no bound', { limit: undefined }, ': expected exactly one of limit and comparison'],
    ['a limit of nothing', { limit: {} }, '.limit: expected exactly one of above and below'],
    [
      'another period',
      { periodSeconds: 15 },
      '.periodSeconds: expected 1, 5, 10, 20, 30 or a multiple of 60',
    ],
    ['another statistic', { statistic: 'Median' }, '.statistic: expected Average, Sum'],
    [
      'the same series twice',
      { dimensions: { a: { S: 'x' }, b: { S: 'x' } } },
      '.dimensions: expected other dimensions',
    ],
    [
      'another word for silence',
      { missingData: 'ignore' },
      '.missingData: expected one of "undecided"|"healthy"',
    ],
    [
      'a negative floor',
      { limit: undefined, comparison: { worse: 'lower', difference: 1, floor: -1 } },
      '.comparison.floor: ',
    ],
  ])('%s is refused with one line', (_, more, problem) => {
    const value = { metrics: [{ ...good, ...more }] };
    const parsed = ownEvidenceSchema.safeParse(value);
    const problems = parsed.success ? [] : problemsOf(parsed.error, value, 'settings.evidence');
    expect(problems).toEqual([expect.stringContaining(`settings.evidence.metrics.0${problem}`)]);
  });
});
