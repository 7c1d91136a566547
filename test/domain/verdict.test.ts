import { afterLook, baselineStart } from '../../src/domain/bake';
import { judge, nextLook, twoProportionZ } from '../../src/domain/verdict';

const thresholds = { minimumRequests: 100, errorRateIncrease: 0.02, errorRateCeiling: 0.25 };

describe('judge', () => {
  it.each([
    ['no requests at all', { requests: 0, errors: 0 }, { requests: 5000, errors: 0 }, 'undecided'],
    [
      'too few requests on green, all failing',
      { requests: 99, errors: 99 },
      { requests: 5000, errors: 0 },
      'undecided',
    ],
    [
      'too few requests on blue to compare with',
      { requests: 1000, errors: 50 },
      { requests: 99, errors: 0 },
      'undecided',
    ],
    ['green as good as blue', { requests: 1000, errors: 3 }, { requests: 9000, errors: 27 }, 'healthy'],
    ['green clearly worse', { requests: 1000, errors: 100 }, { requests: 9000, errors: 9 }, 'unhealthy'],
    [
      'green worse, but not by enough to matter',
      { requests: 100_000, errors: 1500 },
      { requests: 100_000, errors: 0 },
      'healthy',
    ],
    [
      'green worse by chance: 3 of 100',
      { requests: 100, errors: 3 },
      { requests: 100, errors: 0 },
      'healthy',
    ],
    [
      'both failing: green is over the ceiling',
      { requests: 1000, errors: 250 },
      { requests: 9000, errors: 2250 },
      'unhealthy',
    ],
    [
      'green over the ceiling with blue idle',
      { requests: 1000, errors: 300 },
      { requests: 0, errors: 0 },
      'unhealthy',
    ],
  ] as const)('finds %s: %#', (_title, green, blue, verdict) => {
    expect(judge(green, blue, thresholds).verdict).toBe(verdict);
  });

  it('gives the numbers that decided', () => {
    expect(judge({ requests: 1000, errors: 100 }, { requests: 9000, errors: 9 }, thresholds).because).toBe(
      'green 100 of 1000 requests failed (10.0 %), blue 9 of 9000 (0.1 %); more than 2.0 % worse',
    );
  });
});

it('computes the two-proportion statistic of a worked example: 15/100 against 6/100 is z = 2.0759', () => {
  // pooled 21/200 = 0.105; sqrt(0.105 * 0.895 * 0.02) = 0.043354; 0.09 / 0.043354
  expect(twoProportionZ({ requests: 100, errors: 15 }, { requests: 100, errors: 6 })).toBeCloseTo(2.0759, 3);
});

describe('afterLook', () => {
  const bake = { elapsedSeconds: 10, bakeSeconds: 60, evidenceSeconds: 30, lastStep: false };
  const because = '';
  it('returns traffic on a conviction at any time', () =>
    expect(afterLook({ verdict: 'unhealthy', because }, bake)).toEqual({ next: 'return' }));
  it('goes on baking a healthy green until the bake is over', () =>
    expect(afterLook({ verdict: 'healthy', because }, bake).next).toBe('wait'));
  it('shifts to the next step after the bake, and finishes after the last', () => {
    expect(afterLook({ verdict: 'healthy', because }, { ...bake, elapsedSeconds: 60 })).toEqual({
      next: 'shift',
    });
    expect(
      afterLook({ verdict: 'healthy', because }, { ...bake, elapsedSeconds: 60, lastStep: true }),
    ).toEqual({ next: 'finish' });
  });
  it('waits for evidence beyond the bake, but silence never passes: it returns traffic at the deadline', () => {
    expect(afterLook({ verdict: 'undecided', because }, { ...bake, elapsedSeconds: 89 }).next).toBe('wait');
    expect(afterLook({ verdict: 'undecided', because }, { ...bake, elapsedSeconds: 90 })).toEqual({
      next: 'return',
    });
  });
});

it('looks often at first and rarely later, and a day of baking costs fewer than 130 looks', () => {
  let looks = 0;
  for (let elapsed = 0; elapsed < 86_400; looks++) elapsed += nextLook(elapsed, 86_400);
  expect(looks).toBeLessThan(130);
  expect(nextLook(0, 600)).toBe(1);
  expect(nextLook(599.5, 600)).toBe(1);
});

it('compares with blue over the same minutes, and with its last ten minutes once green has everything', () => {
  const shift = { since: '2026-01-01T12:00:00Z', firstAt: '2026-01-01T11:50:00Z' };
  expect(new Date(baselineStart({ ...shift, greenPercent: 10 }, 60)).toISOString()).toBe(
    '2026-01-01T12:00:00.000Z',
  );
  expect(new Date(baselineStart({ ...shift, greenPercent: 100 }, 60)).toISOString()).toBe(
    '2026-01-01T11:40:00.000Z',
  );
  expect(new Date(baselineStart({ ...shift, greenPercent: 100 }, 1200)).toISOString()).toBe(
    '2026-01-01T11:30:00.000Z',
  );
});
