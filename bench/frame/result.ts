import type { Row, Wanted } from './row';

/** What several samples of one figure were. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  samples: number;
}

/** A row with its figures. */
export interface Result {
  row: Row;
  now?: Spread;
  /** The other side's name; a peer's with its version. */
  beside?: string;
  other?: Spread;
  /** Now, as a multiple of the other side. */
  ratio?: number;
  /** Whether everything that is wanted is so; undefined when nothing is, or when it could not be measured. */
  met?: boolean;
  /** Why there is no figure of one of the sides; without any the row was not measured yet. */
  missing?: string;
}

export function spreadOf(samples: readonly number[]): Spread | undefined {
  const sorted = samples.toSorted((left, right) => left - right);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min, max, samples: sorted.length };
}

function isMet({ bound, value, times }: Wanted, now: number, ratio: number | undefined): boolean | undefined {
  const figure = times ? ratio : now;
  if (figure === undefined) return undefined;
  return bound === 'at most' ? figure <= value : figure >= value;
}

/** What one unmet bound says counts more than what cannot be told of another. */
function all(bounds: readonly (boolean | undefined)[]): boolean | undefined {
  if (bounds.includes(false)) return false;
  return bounds.length === 0 || bounds.includes(undefined) ? undefined : true;
}

/** A row's result from the samples of both sides. */
export function resultOf(row: Row, now: readonly number[], other: readonly number[] = []): Result {
  const ours = spreadOf(now);
  const theirs = spreadOf(other);
  if (!ours) return { row };
  const ratio = theirs && theirs.median !== 0 ? ours.median / theirs.median : undefined;
  const met = all((row.wanted ?? []).map((wanted) => isMet(wanted, ours.median, ratio)));
  return { row, now: ours, other: theirs, ratio, met };
}
