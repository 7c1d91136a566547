import type { RequestCounts } from './request-counts';

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/**
 * How much a side's error ratio moves from period to period beyond what chance explains: the standard deviation between
 * periods, in ratio points. Source: the moment estimator of DerSimonian and Laird, "Meta-analysis in clinical trials",
 * Controlled Clinical Trials 7 (1986).
 */
export function drift(periods: readonly RequestCounts[]): number {
  const seen = periods.filter(({ requests }) => requests > 0);
  const all = sum(seen.map(({ requests }) => requests));
  const mean = sum(seen.map(({ errors }) => errors)) / all;
  const scatter = sum(seen.map(({ requests, errors }) => requests * (errors / requests - mean) ** 2));
  const byChance = (seen.length - 1) * mean * (1 - mean);
  const weight = all - sum(seen.map(({ requests }) => requests ** 2)) / all;
  return weight > 0 ? Math.sqrt(Math.max(0, (scatter - byChance) / weight)) : 0;
}
