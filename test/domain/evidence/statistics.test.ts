import { upperTail } from '../../../src/domain/evidence/proportions';
import { rankSum } from '../../../src/domain/evidence/rank-sum';

describe('upperTail', () => {
  it.each([
    // R. A. Fisher, The Design of Experiments (1935), chapter II: a lady tells which four of eight cups had milk first
    ['four of four cups right', [4, 4], [4, 0], 1 / 70],
    ['three of four cups right', [4, 3], [4, 1], 17 / 70],
    // Montgomery and Runger, Applied Statistics and Probability for Engineers, 3rd edition, example S10-1
    ['8 of 10 rolls free of defects against 4 of 10', [10, 8], [10, 4], 0.0849],
    ['no difference at all', [10, 5], [10, 5], 0.6719],
    ['no hits at all', [10, 0], [10, 0], 1],
  ] as const)('gives the published probability: %s', (_title, [n, x], [m, y], p) => {
    expect(upperTail({ of: n, hits: x }, { of: m, hits: y })).toBeCloseTo(p, 4);
  });

  it('agrees with the z statistic of large samples: 1.6449 standard errors are 5 percent', () => {
    // NIST/SEMATECH e-Handbook 7.3.3, case 1: z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2))
    const n = 1_000_000;
    const pooled = 0.1;
    const half = (1.6449 * Math.sqrt((pooled * (1 - pooled) * 2) / n)) / 2;
    const hits = (share: number) => Math.round(share * n);
    expect(upperTail({ of: n, hits: hits(pooled + half) }, { of: n, hits: hits(pooled - half) })).toBeCloseTo(
      0.05,
      3,
    );
  });

  it('stays exact and quick with the traffic of a busy day', () => {
    const started = performance.now();
    expect(upperTail({ of: 1e8, hits: 5_000_000 }, { of: 9e8, hits: 45_000_000 })).toBeCloseTo(0.5, 3);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

/** Two samples without ties whose U is `u`: `second` at 1..m, and values of `first` above just so many of them. */
function samplesWith(u: number, n: number, m: number): [number[], number[]] {
  const second = Array.from({ length: m }, (_, index) => index + 1);
  let left = u;
  const first = Array.from({ length: n }, (_, index) => {
    const above = Math.min(left, m);
    left -= above;
    return above + 0.5 + index / 1000;
  });
  return [first, second];
}

describe('rankSum', () => {
  // Mann and Whitney (1947), table I: the probability of a U not larger than the given one, which is that of n m - U or more
  it.each([
    [3, 3, 0, 0.05],
    [4, 4, 0, 0.014],
    [4, 4, 2, 0.057],
    [5, 5, 0, 0.004],
    [5, 5, 4, 0.048],
    [6, 6, 5, 0.021],
    [6, 6, 7, 0.047],
    [8, 8, 9, 0.007],
    [8, 8, 15, 0.041],
  ])('gives the published probability for samples of %d and %d with U = %d: %d', (n, m, u, p) => {
    const [first, second] = samplesWith(n * m - u, n, m);
    expect(rankSum(first, second).u).toBe(n * m - u);
    expect(rankSum(first, second).p).toBeCloseTo(p, 3);
  });

  // critical values of U as textbooks print them, for example Siegel, Nonparametric Statistics (1956), table K
  it.each([
    [10, 10, 19, 0.01],
    [10, 10, 27, 0.05],
    [20, 20, 114, 0.01],
    [20, 20, 138, 0.05],
  ])(
    'has the published critical value of samples of %d and %d: U = %d at %d, one-sided',
    (n, m, u, level) => {
      const p = (value: number) => rankSum(...samplesWith(n * m - value, n, m)).p;
      expect(p(u)).toBeLessThanOrEqual(level);
      expect(p(u + 1)).toBeGreaterThan(level);
    },
  );

  it('counts a tie as half a pair, exactly: {1, 2, 2} against {1, 1, 2}', () => {
    // doubled ranks 4 4 4 10 10 10; the sum 4 + 10 + 10 or more: 3 * 3 + 1 of 20 choices
    expect(rankSum([1, 2, 2], [1, 1, 2])).toEqual({ u: 6, p: 0.5 });
  });

  it('sees nothing in values that are all the same', () => {
    expect(rankSum([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]).p).toBe(1);
    expect(rankSum(Array(50).fill(1), Array(50).fill(1)).p).toBe(1);
  });

  it('goes over to the normal curve without a jump', () => {
    const values = (n: number, shift: number) => Array.from({ length: n }, (_, index) => index + shift);
    const exact = rankSum(values(20, 4.5), values(20, 0)).p;
    const approximated = rankSum([...values(20, 4.5), 10.5], values(20, 0)).p;
    expect(Math.abs(exact - approximated)).toBeLessThan(0.015);
  });
});
