import { errorFunction, wilcoxonRankSum } from 'simple-statistics';

/** Up to so many values together every way to deal the ranks is counted; beyond, the normal curve is as good. */
const COUNTED = 40;

/**
 * The one-sided Mann-Whitney test: U is how many pairs of `first` over `second` there are (a tie is half a pair), p the
 * probability of that many or more when both come from one distribution. Exact for small samples, also with ties.
 * Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other",
 * Annals of Mathematical Statistics 18 (1947).
 */
export function rankSum(first: readonly number[], second: readonly number[]): { u: number; p: number } {
  const n = first.length;
  // ranks of the package are midranks where values tie
  const w = wilcoxonRankSum([...first], [...second]);
  const ties = tiesOf([...first, ...second]);
  const p = n + second.length <= COUNTED ? counted(n, ties, w) : approximated(n, second.length, ties, w);
  return { u: w - (n * (n + 1)) / 2, p };
}

/** How often each distinct value occurs, from the smallest up. */
function tiesOf(values: number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values.sort((a, b) => a - b)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

/** Twice the midranks, which are whole numbers. */
function doubledRanks(ties: number[]): number[] {
  let below = 0;
  return ties.flatMap((count) => {
    const doubled = 2 * below + count + 1;
    below += count;
    return Array<number>(count).fill(doubled);
  });
}

/** The share of all ways to choose n of the ranks whose sum is at least w. */
function counted(n: number, ties: number[], w: number): number {
  const ranks = doubledRanks(ties);
  // ways[k][s]: how many choices of k ranks have the (doubled) sum s
  const ways: Map<number, number>[] = Array.from({ length: n + 1 }, () => new Map());
  ways[0]?.set(0, 1);
  for (const rank of ranks)
    for (let k = n - 1; k >= 0; k--)
      for (const [sum, count] of ways[k] ?? [])
        ways[k + 1]?.set(sum + rank, (ways[k + 1]?.get(sum + rank) ?? 0) + count);
  let all = 0;
  let beyond = 0;
  for (const [sum, count] of ways[n] ?? []) {
    all += count;
    if (sum >= 2 * w) beyond += count;
  }
  return beyond / all;
}

/** Normal approximation with corrections for ties and continuity. */
function approximated(n: number, m: number, ties: number[], w: number): number {
  const all = n + m;
  const tied = ties.reduce((sum, t) => sum + t ** 3 - t, 0) / (all * (all - 1));
  const spread = Math.sqrt(((n * m) / 12) * (all + 1 - tied));
  if (spread === 0) return 1;
  const z = (w - (n * (all + 1)) / 2 - 0.5) / spread;
  return (1 - errorFunction(z / Math.SQRT2)) / 2;
}
