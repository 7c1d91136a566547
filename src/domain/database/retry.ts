import { createHash } from 'node:crypto';
import type { WatchLimits } from '../settings/watch-schema';
import { listed } from '../validation/check';

/** How the schema stands after a run that was cancelled. */
export interface Left {
  /** As the schema's fingerprint and the migrations applied were before, and as they are. */
  before: { fingerprint: string; applied: readonly string[] } | undefined;
  now: { fingerprint: string; applied: readonly string[] };
  /** What the tool itself says stands in the way of its next run. */
  unfinished: readonly string[];
  locked: string | null;
  /** Pending migrations that run outside of a transaction, by what the tool does. */
  untransacted: readonly string[];
}

/** Why a run that was cancelled cannot be tried again; undefined when it can. */
export function whyNotAgain(left: Left, tried: number, { retries }: WatchLimits): string | undefined {
  if (tried > retries)
    return `it was tried ${tried === 1 ? 'once' : `${tried} times`}, as often as the settings say`;
  if (left.locked !== null) return `the tool's lock is held by ${left.locked}`;
  if (left.unfinished.length > 0) return `${listed(left.unfinished)} was begun and did not end well`;
  const { before, now } = left;
  if (!before) return 'nobody knows what the schema was before';
  const unchanged = before.fingerprint === now.fingerprint && before.applied.length === now.applied.length;
  if (unchanged) return undefined;
  // whatever a transaction did is wholly there and recorded, or not there
  const half = left.untransacted.filter((id) => !now.applied.includes(id));
  return half.length > 0
    ? `the schema has changed, and parts of ${listed(half)} may stand, which run outside of a transaction`
    : undefined;
}

/**
 * Seconds until another try, so that what was in the way has time to pass, and services that were cancelled together do not try
 * in step: by chance, and the same for the same run.
 */
export function retryPause({ retrySeconds }: WatchLimits, run: string): number {
  const chance = createHash('sha256').update(run).digest().readUInt32BE() / 2 ** 32;
  return Math.ceil(retrySeconds / 2 + retrySeconds * chance);
}
