import type { Build } from './build';

/** What is promised of a figure: a bound in the row's own unit, or one as a multiple of the other side's figure. */
export interface Wanted {
  bound: 'at most' | 'at least';
  value: number;
  /** `value` is a multiple of the other side's figure. */
  times: boolean;
}

export const atMost = (value: number): Wanted => ({ bound: 'at most', value, times: false });
export const atLeast = (value: number): Wanted => ({ bound: 'at least', value, times: false });
export const atMostTimes = (value: number): Wanted => ({ bound: 'at most', value, times: true });
export const atLeastTimes = (value: number): Wanted => ({ bound: 'at least', value, times: true });

/** One line of the table. */
export interface Row {
  /** Unique in its bench. */
  name: string;
  unit: string;
  /** What is measured and how, as one sentence for docs/performance.md. */
  how: string;
  /** All of them are promised; a row without any only tells. */
  wanted?: readonly Wanted[];
}

/** Another program that does the same work. */
export interface Peer<Key extends string = string> {
  name: string;
  /** Its version; undefined where it is not installed. */
  version(): string | undefined;
  /** One sample; it may lack rows that mean nothing for it. */
  sample(): Promise<Partial<Record<Key, number>>>;
}

/** Rows whose figures come out of the same runs. */
export interface Measurement<Key extends string = string> {
  rows: Record<Key, Row>;
  /** One sample of every row in the given build, by whole processes that it starts and that end. */
  sample(build: Build): Promise<Record<Key, number>>;
  /** The other side: the earlier build, sampled in the same way, or a peer; without it the figures stand alone. */
  beside?: 'earlier' | Peer<Key>;
  /** Samples of each side unless `--runs` says otherwise (5). */
  runs?: number;
  /** Why it cannot be measured on this machine, with the remedy; undefined when it can. */
  missing?(): string | undefined;
}

/** One subject of `npm run bench`. */
export interface Bench {
  /** One line for `--help`. */
  about: string;
  /** How long it takes, when that is too long to be run without being named. */
  onlyNamed?: string;
  measurements: readonly Measurement[];
}
