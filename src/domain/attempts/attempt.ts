/** The ways in which a release's migrations are tried, in the order in which they are. */
export const attempts = [
  'fresh',
  'again',
  'seeds',
  'incremental',
  'rollback',
  'interrupted',
  'two-at-once',
  'volume',
] as const;
export type Attempt = (typeof attempts)[number];

/** `undone` was not tried, for a reason that is said. */
export const verdicts = ['ok', 'warns', 'fails', 'undone'] as const;
export type Verdict = (typeof verdicts)[number];

/** What came of one attempt. */
export interface Result {
  attempt: Attempt;
  verdict: Verdict;
  /** Id of the migration that it is about; null for the release as a whole. */
  migration: string | null;
  /** Its file, relative to the project; null for the release as a whole. */
  file: string | null;
  /** 1-based, where it is known. */
  line?: number;
  /** Absent where all is well. */
  message?: string;
  /** What to do. */
  remedy?: string;
}

/** What would hurt ends the command with 1. */
export const hurts = (results: readonly Result[]) => results.some(({ verdict }) => verdict === 'fails');

const WORST: readonly Verdict[] = ['ok', 'undone', 'warns', 'fails'];

/** The worst of what was said of a migration in an attempt; undefined where nothing was. */
export function verdictOf(
  results: readonly Result[],
  attempt: Attempt,
  migration: string | null,
): Verdict | undefined {
  const own = results.filter((one) => one.attempt === attempt && one.migration === migration);
  return own.map(({ verdict }) => verdict).sort((a, b) => WORST.indexOf(b) - WORST.indexOf(a))[0];
}
