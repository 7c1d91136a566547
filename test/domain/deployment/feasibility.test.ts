import { infeasible } from '../../../src/domain/deployment/feasibility';
import type { Settings } from '../../../src/domain/settings/settings';
import { thresholds } from '../evidence/thresholds';

const deadlines = {
  snapshotSeconds: 3600,
  migrationSeconds: 3600,
  greenSeconds: 900,
  evidenceSeconds: 120,
  rollbackSeconds: 900,
};
const settings = {
  traffic: {},
  canaryPercent: 10,
  linear: { percent: 10, seconds: 360 },
  bakeSeconds: 600,
  soakSeconds: 120,
  zeroDowntime: 'CANARY',
  smokeTests: [],
  workers: [],
  evidence: { alarms: [], metrics: [] },
  thresholds,
  deadlines,
  approval: { timeoutSeconds: 86_400 },
  rollback: { timeoutSeconds: 3600 },
} as unknown as Settings;
const problems = (strategy: 'CANARY' | 'LINEAR' | 'AUTO', changes: Partial<Settings> = {}) =>
  infeasible({ strategy, settings: { ...settings, ...changes } });

it('has nothing against ten minutes, nor against a day for each step', () => {
  expect(problems('CANARY')).toEqual([]);
  expect(problems('CANARY', { bakeSeconds: 86_400 })).toEqual([]);
  expect(problems('LINEAR')).toEqual([]);
});

it('refuses a bake in which response times cannot gather, also where AUTO would choose it, and says what to do', () => {
  const hasty = [
    'request.bakeSeconds: latency needs 5 periods of 60 s, and a bake of 60 s ends with all of its 120 s for late evidence before; bake for 300 s, or set thresholds.latencyIncrease to null to judge without latency',
  ];
  expect(problems('CANARY', { bakeSeconds: 60 })).toEqual(hasty);
  expect(problems('AUTO', { bakeSeconds: 60 })).toEqual(hasty);
  expect(problems('LINEAR', { linear: { percent: 10, seconds: 60 } })).toEqual(hasty);
  expect(problems('CANARY', { bakeSeconds: 180 })).toEqual([]);
  expect(
    problems('CANARY', { bakeSeconds: 60, thresholds: { ...thresholds, latencyIncrease: null } }),
  ).toEqual([]);
});

it("refuses a bake in which the service's own metrics cannot gather, unless it may do without them", () => {
  const metric = {
    namespace: 'Shop',
    metric: 'Orders',
    periods: 3,
    periodSeconds: 300,
    missingData: 'undecided',
  };
  const evidence = (missingData: string) =>
    ({ alarms: [], metrics: [{ ...metric, missingData }] }) as unknown as Settings['evidence'];
  expect(problems('CANARY', { evidence: evidence('undecided') })).toEqual([
    "request.bakeSeconds: Shop/Orders needs 3 periods of 300 s, and a bake of 600 s ends with all of its 120 s for late evidence before; bake for 900 s, or let its missingData be healthy in the settings' evidence.metrics",
  ]);
  expect(problems('CANARY', { evidence: evidence('healthy') })).toEqual([]);
  expect(problems('CANARY', { evidence: evidence('undecided'), bakeSeconds: 900 })).toEqual([]);
});

it('refuses what its own time limit would end', () => {
  expect(problems('LINEAR', { linear: { percent: 10, seconds: 86_400 } })).toEqual([
    expect.stringMatching(/may take \d+ s, and a deployment has 518400 s; bake shorter/),
  ]);
  // the streams of the previous version are given their time
  const days = { bakeSeconds: 180_000 };
  expect(problems('CANARY', days)).toEqual([]);
  expect(problems('CANARY', { ...days, streams: { drainSeconds: 86_400, open: null } })).toEqual([
    expect.stringMatching(/may take \d+ s, and a deployment has 518400 s/),
  ]);
});

it('gives workers the time to move and to come back', () => {
  const takes = (settings: Parameters<typeof problems>[1]) =>
    Number(/may take (\d+) s/.exec(problems('CANARY', { bakeSeconds: 300_000, ...settings })[0] ?? '')?.[1]);
  const { greenSeconds, evidenceSeconds, rollbackSeconds } = deadlines;
  const workers = [
    { kind: 'service', service: 'packing', container: 'shop', moves: 'after', steadySeconds: 40 } as const,
  ];
  expect(takes({ workers }) - takes({})).toBe(2 * (greenSeconds + evidenceSeconds) + rollbackSeconds);
});
