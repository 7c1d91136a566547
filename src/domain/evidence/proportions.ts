import { gammaln } from 'simple-statistics';

/** How many of how many. */
export interface Count {
  of: number;
  hits: number;
}

const logChoose = (n: number, k: number) => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);

/**
 * The probability that so many of the hits, or more, fall on `first` when both sides have the same ratio: the one-sided
 * exact test for two proportions, right also for a handful of hits, where the normal approximation convicts too
 * easily. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3, case 2 (Fisher's exact test).
 */
export function upperTail(first: Count, second: Count): number {
  const all = first.of + second.of;
  const hits = first.hits + second.hits;
  const most = Math.min(hits, first.of);
  let term = Math.exp(
    logChoose(hits, first.hits) + logChoose(all - hits, first.of - first.hits) - logChoose(all, first.of),
  );
  let sum = 0;
  for (let x = first.hits; x <= most; x++) {
    sum += term;
    const growth = ((hits - x) * (first.of - x)) / ((x + 1) * (all - hits - first.of + x + 1));
    // past the peak each term is smaller than the last, so what follows no longer shows
    if (growth < 0.999 && term < sum * 1e-12) break;
    term *= growth;
  }
  return Math.min(sum, 1);
}
