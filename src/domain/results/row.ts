import { InvalidInput } from '../step/errors';

/**
 * Of the results. Raised when rows that are there already could no longer be read as they are; a row without one is from
 * before there were versions, and as those of version 1 are.
 */
export const JOURNAL_VERSION = 1;

/** The row, in place of a step's, of the lock that a person has freed: its result is who and why. It is no end of a deployment. */
export const LOCK_RELEASED = 'LockReleased';

/** A step's row in the journal. */
export interface StepRow {
  step: string;
  /** When the state was entered, in ISO 8601. */
  at: string;
  /** One of `results`, by the step's name; `{ cut: <characters> }` where it was too long to be kept. */
  result: unknown;
  version?: number;
}
export interface JournalRow extends StepRow {
  /** Of the graph: "prepare", "expand", … */
  phase: string;
}

/** @throws InvalidInput for rows of a version to come: nobody knows here what they mean */
export function refuseNewer(rows: readonly StepRow[]): void {
  const newer = rows.find(({ version = JOURNAL_VERSION }) => version > JOURNAL_VERSION);
  if (newer)
    throw new InvalidInput(
      `the journal's row of ${newer.step} at ${newer.at} has version ${newer.version}, and this Greenlight reads versions up to ${JOURNAL_VERSION}; use the Greenlight that wrote it, or a newer one`,
    );
}
