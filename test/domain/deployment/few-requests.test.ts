import { outlookAt, rateStart, requestRate } from '../../../src/domain/deployment/few-requests';
import { stepsOf } from '../../../src/domain/deployment/strategy';
import type { Strategy } from '../../../src/domain/settings/choices';
import { policyOf } from '../../../src/domain/settings/environments';
import type { Settings } from '../../../src/domain/settings/settings';

const none = { environments: {} };
const settingsOf = (environment: string, changes: Partial<Settings> = {}) =>
  ({
    service: 'shop',
    ...policyOf(environment, none),
    smokeTests: [],
    workers: [],
    evidence: { alarms: [], metrics: [] },
    ...changes,
  }) as unknown as Settings;
const at = (rate: number, strategy: Strategy, settings: Settings) =>
  outlookAt(rate, strategy, stepsOf(strategy, settings), settings);
const kind = (outlook: ReturnType<typeof at>) => Object.keys(outlook)[0];

describe('with the built-in policies', () => {
  it.each<[string, Strategy, number, string]>([
    ['production', 'CANARY', 50, 'enough'],
    ['production', 'CANARY', 4.8, 'enough'],
    ['production', 'CANARY', 4.7, 'slow'],
    ['production', 'CANARY', 1.5, 'slow'],
    ['production', 'CANARY', 1.4, 'hopeless'],
    ['production', 'CANARY', 0, 'hopeless'],
    ['production', 'ALL_AT_ONCE', 1.2, 'enough'],
    ['production', 'LINEAR', 1, 'slow'],
    ['production', 'LINEAR', 3, 'enough'],
    ['production', 'ROLLING', 0.05, 'hopeless'],
    ['staging', 'CANARY', 2, 'enough'],
    ['staging', 'CANARY', 0.2, 'hopeless'],
    ['development', 'ALL_AT_ONCE', 1, 'enough'],
    ['development', 'ALL_AT_ONCE', 0.1, 'slow'],
    ['development', 'ALL_AT_ONCE', 0.05, 'hopeless'],
  ])('%s, %s, %d requests a second: %s', (environment, strategy, rate, expected) => {
    expect(kind(at(rate, strategy, settingsOf(environment)))).toBe(expected);
  });
});

it('says the sum, and what would do with the same requests', () => {
  expect(at(1, 'CANARY', settingsOf('production'))).toEqual({
    hopeless:
      "too few requests for a verdict, so this would be rolled back: shop got 60 requests a minute lately: at 5 % on green, green has 3 requests a minute, of which 100 take 2000 s, 5 periods of 60 s with at least 10 take 272112 s, and there are 600 s of bake and 1800 s for late evidence, of which 180 s are not published yet; what would do: canaryPercent 24, or strategy ALL_AT_ONCE, or thresholds.minimumRequests 20 in the service's settings, or thresholds.minimumRequests 0 and latencyIncrease null in the service's settings, so that its smokeTests, alarms and metrics decide",
  });
});

it.each<[string, number, Strategy]>([
  ['production', 1, 'CANARY'],
  ['production', 0.6, 'LINEAR'],
  ['staging', 0.3, 'CANARY'],
  ['development', 0.06, 'ALL_AT_ONCE'],
])('proposes for %s at %d requests a second with %s only what does', (environment, rate, strategy) => {
  const settings = settingsOf(environment);
  const outlook = at(rate, strategy, settings);
  const said = 'hopeless' in outlook ? outlook.hopeless : 'slow' in outlook ? outlook.slow : '';
  const number = (name: string) => {
    const [, value] = new RegExp(`(?:do: |or )${name} (\\d+)`).exec(said) ?? [];
    return value === undefined || value === '0' ? undefined : Number(value);
  };
  const { thresholds, linear } = settings;
  const changes = [
    [number('canaryPercent'), (canaryPercent: number) => ({ canaryPercent })],
    [number('bakeSeconds'), (bakeSeconds: number) => ({ bakeSeconds })],
    [number('linear.percent'), (percent: number) => ({ linear: { ...linear, percent } })],
    [
      number('thresholds.minimumRequests'),
      (minimumRequests: number) => ({ thresholds: { ...thresholds, minimumRequests } }),
    ],
  ] as const;
  const proposed = changes.filter(([value]) => value !== undefined);
  expect(proposed.length).toBeGreaterThan(0);
  for (const [value, change] of proposed)
    expect([value, kind(at(rate, strategy, { ...settings, ...change(value!) }))]).toEqual([value, 'enough']);
  if (said.includes('strategy ALL_AT_ONCE')) expect(kind(at(rate, 'ALL_AT_ONCE', settings))).toBe('enough');
  const without = { ...thresholds, minimumRequests: 0, latencyIncrease: null };
  expect(kind(at(0, strategy, { ...settings, thresholds: without }))).toBe('enough');
});

it('names no change that the environment does not let a request make, without saying where to make it', () => {
  const { limits } = settingsOf('production');
  const settings = settingsOf('production', { limits: { ...limits, overrides: [] } });
  const outlook = at(1, 'CANARY', settings);
  expect('hopeless' in outlook && outlook.hopeless).toContain("canaryPercent 24 in the service's settings");
});

describe('the rate of requests', () => {
  const now = Date.parse('2026-01-01T12:00:30Z');
  const minute = (ago: number, requests: number) => ({
    at: Date.parse('2026-01-01T12:00:00Z') - ago * 60_000,
    requests,
  });
  const rate = (...published: ReturnType<typeof minute>[]) =>
    requestRate(published, now, { periodSeconds: 60 });
  it.each([
    ['nothing is published', [], 0],
    [
      'ten whole minutes, and a newest one that may grow',
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((ago) => minute(ago, 600)).concat(minute(2, 10)),
      10,
    ],
    ['of both slots', [minute(4, 300), minute(4, 300), minute(3, 600), minute(2, 600)], 10],
    ['users came five minutes ago', [minute(5, 600), minute(4, 600), minute(3, 600), minute(2, 600)], 10],
    ['a single minute', [minute(2, 60)], 1],
    ['one request in five minutes', [minute(11, 1), minute(6, 1), minute(2, 1)], 2 / 540],
    ['users have gone', [minute(12, 600), minute(11, 600), minute(10, 600)], 1200 / 570],
  ])('%s', (_, published, expected) => {
    expect(rate(...published)).toBeCloseTo(expected, 5);
  });

  it('is that of ten published minutes', () => {
    expect(now - rateStart(now, { periodSeconds: 60 })).toBe(780_000);
  });
});
