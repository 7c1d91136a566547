import type { Period } from '../../../src/domain/evidence/latency';
import {
  beyondLimits,
  bucketOf,
  hopeless,
  lostSlice,
  minutesOf,
  percentile,
  performanceSchema,
  published,
  reachesUsers,
  type Slice,
  slicesOf,
  slowerThanBlue,
  tellWave,
} from '../../../src/domain/evidence/performance';
import { allOn, share } from '../../../src/domain/traffic/weights';

const least = { paths: ['/'], maximumP95Ms: 100, maximumP99Ms: 200 };
const wave = performanceSchema.parse({ performance: least }).performance;
const at = '2026-12-01T10:00:10.000Z';

/** A slice whose requests took so long, in ms; those that failed are among them. */
const slice = (times: number[], errors = 0): Slice => {
  const counted: Record<number, number> = {};
  for (const ms of times) counted[bucketOf(ms)] = (counted[bucketOf(ms)] ?? 0) + 1;
  const because = errors > 0 ? '/ answered 500' : '';
  return { at, requests: times.length, errors, because, times: counted };
};
const many = (count: number, ms: number) => Array.from({ length: count }, () => ms);

it('asks ten at a time, 50 a second, for a minute, where nothing else is said', () => {
  expect(wave).toEqual({
    ...{ paths: ['/'], concurrency: 10, requestsPerSecond: 50, seconds: 60, maximumP95Ms: 100 },
    ...{ maximumP99Ms: 200, maximumErrorShare: 0.01, latencyIncrease: 0.5 },
  });
});

it.each<[string, object, string, string]>([
  ['too many at a time', { concurrency: 51 }, 'performance.concurrency', 'expected 50 at most'],
  ['too many a second', { requestsPerSecond: 501 }, 'performance.requestsPerSecond', 'expected 500 at most'],
  ['too long', { seconds: 601 }, 'performance.seconds', 'expected 600 at most'],
  ['no path', { paths: ['version'] }, 'performance.paths.0', 'starting with "/"'],
  ['nothing to ask', { paths: [] }, 'performance.paths', '1 or more'],
  ['no limit', { maximumP95Ms: undefined }, 'performance.maximumP95Ms', 'expected'],
  ['too few', { seconds: 9, requestsPerSecond: 11 }, 'performance', 'at least 100 requests'],
  ['a word of another', { p95: 1 }, 'performance', 'p95'],
])('does not take a wave with %s', (_title, change, path) => {
  const refused = performanceSchema.safeParse({ performance: { ...least, ...change } });
  expect(refused.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

it.each([
  [60, [20, 20, 20]],
  [10, [4, 4, 2]],
  [45, [15, 15, 15]],
  [61, [20, 20, 20, 1]],
  [1, [1]],
])('sends %d s in slices that a function can, and in three where that can be', (seconds, slices) =>
  expect(slicesOf({ ...wave, seconds })).toEqual(slices),
);

it('adds up histograms of slices, and a percentile is never too short and 2 % too long at most', () => {
  const slices = [slice([...many(50, 10), ...many(40, 20)]), slice([...many(5, 300), ...many(5, 1000)])];
  for (const [percent, ms] of [
    [50, 10],
    [90, 20],
    [95, 300],
    [99, 1000],
    [100, 1000],
  ] as const) {
    expect(percentile(slices, percent)).toBeGreaterThanOrEqual(ms * 0.9999);
    expect(percentile(slices, percent)).toBeLessThanOrEqual(ms * 1.0201);
  }
  expect(percentile([], 99)).toBe(0);
  expect(percentile([slice([0])], 99)).toBeLessThan(0.02);
});

it.each<[string, Slice[], RegExp[]]>([
  ['within all limits', [slice(many(99, 50)), slice([190], 1)], []],
  ['p95', [slice([...many(90, 50), ...many(10, 150)])], [/^p95 15\d ms, more than 100 ms$/]],
  ['p99', [slice([...many(97, 50), ...many(3, 900)])], [/^p99 9\d\d ms, more than 200 ms$/]],
  [
    'errors',
    [slice(many(98, 5)), slice(many(2, 5), 2)],
    [/^2 of 100 requests failed \(2.0 %\), more than 1.0 %, the newest: \/ answered 500$/],
  ],
  ['all', [slice(many(10, 5000), 10)], [/10 of 10/, /^p95 5/, /^p99 5/]],
  ['no slice that came back', [lostSlice(at)], [/^no request was counted: the function that asked ended/]],
])('judges a wave by %s', (_title, slices, wanted) => {
  const beyond = beyondLimits(wave, slices);
  expect(beyond).toHaveLength(wanted.length);
  for (const [index, text] of wanted.entries()) expect(beyond[index]).toMatch(text);
});

it('a wave goes on as long as it could pass, and no longer', () => {
  expect(hopeless(wave, [slice(many(900, 5), 30)])).toBeUndefined();
  expect(hopeless(wave, [slice(many(900, 5), 30), slice([5], 1)])).toBe(
    '31 requests failed, more than 1.0 % of the whole wave, the newest: / answered 500',
  );
  expect(tellWave([slice(many(100, 10), 2), lostSlice(at)])).toMatch(
    /^2 of 100 requests failed, p95 10 ms, p99 10 ms$/,
  );
});

it.each<[string, Parameters<typeof reachesUsers>, RegExp | undefined]>([
  ['green alone, without users', [{ weights: allOn('b') }, { weights: allOn('a') }, 'b'], undefined],
  ['a closed service', [{ weights: allOn('b') }, { weights: { a: 0, b: 0, page: 100 } }, 'b'], undefined],
  ['blue', [{ weights: allOn('a') }, { weights: allOn('a') }, 'b'], /does not lead to green alone \(a 100/],
  ['both', [{ weights: share('b', 90) }, { weights: allOn('a') }, 'b'], /does not lead to green alone/],
  ['what cannot be read', [{ strange: 'odd' }, { weights: allOn('a') }, 'b'], /alone \(odd\)/],
  ['users on green', [{ weights: allOn('b') }, { weights: share('b', 1) }, 'b'], /green may have users/],
  ['a rule of users that cannot be read', [{ weights: allOn('b') }, { strange: 'odd' }, 'b'], /\(.*odd\)/],
])('sends nothing where the test listener leads to %s', (_title, given, wanted) => {
  if (wanted) expect(reachesUsers(...given)).toMatch(wanted);
  else expect(reachesUsers(...given)).toBeUndefined();
});

const period = (end: string, requests: number, p50?: number, p99?: number): Period => ({
  ...{ until: Date.parse(end), requests, errors: 0, unanswered: 0, clientErrors: 0 },
  ...{ p50, p99 },
});
const first = '2026-12-01T10:01:00.000Z';
const second = '2026-12-01T10:02:00.000Z';

it('has whole minutes, from the one of its first request to the one that it was found whole in', () => {
  expect(
    minutesOf([slice([1]), { ...slice([1]), at: '2026-12-01T10:00:31.000Z' }], '2026-12-01T10:01:05Z', 60),
  ).toEqual({
    from: new Date('2026-12-01T10:00:00.000Z'),
    until: new Date(second),
  });
});

it.each<[string, Period[], Period[], string, boolean]>([
  ['nothing is there', [], [], '2026-12-01T10:02:30.000Z', false],
  ['a part is there', [period(first, 60)], [period(second, 9)], '2026-12-01T10:03:00.000Z', false],
  ['blue is late', [period(second, 100)], [period(first, 9)], '2026-12-01T10:03:00.000Z', false],
  [
    'all is there',
    [period(first, 60), period(second, 40)],
    [period(second, 9)],
    '2026-12-01T10:03:00.000Z',
    true,
  ],
  ['its time is over', [], [], '2026-12-01T10:05:01.000Z', true],
])('waits for what is published while %s', (_title, green, blue, now, wanted) => {
  const moment = { until: new Date(second), periodSeconds: 60, now: new Date(now) };
  expect(published([slice(many(100, 5))], { green, blue }, moment)).toBe(wanted);
});

const limits = { minimumRequests: 30, latencyFloorSeconds: 0.02 };
it.each<[string, Period[], Period[], boolean, RegExp]>([
  [
    'as fast as blue',
    [period(first, 100, 0.1, 0.3), period(second, 200, 0.1, 0.3)],
    [period(first, 500, 0.1, 0.4)],
    false,
    /^p50 of green 100 ms, of blue 100 ms, p99 of green 300 ms, of blue 400 ms$/,
  ],
  [
    'slower in the middle',
    [period(first, 300, 0.16, 0.3)],
    [period(first, 500, 0.1, 0.4)],
    true,
    /^p50 of green 160 ms, of blue 100 ms, more than 50 % slower$/,
  ],
  [
    'slower at the end',
    [period(first, 100, 0.1, 0.4), period(second, 200, 0.1, 1)],
    [period(first, 500, 0.1, 0.5)],
    true,
    /^p99 of green 800 ms, of blue 500 ms/,
  ],
  ['twice a millisecond', [period(first, 50, 0.002, 1)], [period(first, 50, 0.001, 0.01)], false, /^p50/],
  [
    'asked while there are no users',
    [period(first, 300, 0.1, 0.3)],
    [],
    true,
    /300 requests on green and 0 of users/,
  ],
  ['not timed', [period(first, 300)], [period(first, 300)], true, /publishes no response times/],
])('compares a green that is %s', (_title, green, blue, slower, said) => {
  const compared = slowerThanBlue(0.5, { green, blue }, limits);
  expect(compared.slower).toBe(slower);
  expect(compared.said).toMatch(said);
});
