import * as z from 'zod/mini';
import type { StepName } from '../results';
import type { JournalRow } from '../results/row';
import { deadlinesSchema } from '../settings/policy';
import { secondsSince } from '../time/deadline';

/** Of a deployment's settings what says how long a phase may take. */
const limitsIn = z.object({
  deployment: z.object({
    settings: z.object({
      service: z.string(),
      deadlines: deadlinesSchema,
      maintenance: z.nullish(z.object({ closeSeconds: z.int() })),
    }),
  }),
});
export type PhaseLimits = z.infer<typeof limitsIn>['deployment']['settings'];

/** As the newest row has them that has any; undefined for a request that was not understood. */
export const limitsOf = (rows: readonly JournalRow[]): PhaseLimits | undefined =>
  rows.map(({ result }) => limitsIn.safeParse(result).data?.deployment.settings).findLast(Boolean);

interface Waiting {
  /** The step by whose beginning the time counts. @default the first of its own looks */
  since?: StepName;
  seconds(limits: PhaseLimits): number;
}
const rollback: Waiting = { seconds: ({ deadlines }) => deadlines.rollbackSeconds };

/** The steps that look again and again until a deadline, and which one. */
const waiting: Partial<Record<StepName, Waiting>> = {
  AcquireLock: { seconds: ({ deadlines }) => deadlines.lockSeconds },
  AwaitDatabase: { seconds: ({ deadlines }) => deadlines.snapshotSeconds },
  StopWriters: {
    since: 'CloseService',
    seconds: ({ maintenance }) => maintenance?.closeSeconds ?? Number.POSITIVE_INFINITY,
  },
  CheckSnapshot: { since: 'SnapshotDatabase', seconds: ({ deadlines }) => deadlines.snapshotSeconds },
  CheckMigration: { since: 'StartMigration', seconds: ({ deadlines }) => deadlines.migrationSeconds },
  CheckGreen: { since: 'StartGreen', seconds: ({ deadlines }) => deadlines.greenSeconds },
  CheckRollout: { since: 'RollOut', seconds: ({ deadlines }) => deadlines.greenSeconds },
  SmokeTestGreen: { seconds: ({ deadlines }) => deadlines.greenSeconds },
  ShiftTraffic: { seconds: ({ deadlines }) => deadlines.greenSeconds },
  PrepareContract: { seconds: ({ deadlines }) => deadlines.contractSeconds },
  CheckContract: { since: 'StartContract', seconds: ({ deadlines }) => deadlines.contractSeconds },
  CheckBlue: { since: 'StartBlue', ...rollback },
  ReturnTraffic: rollback,
  UndoRollout: rollback,
  ReturnWorkers: rollback,
  StopTasks: rollback,
  ChooseRollback: rollback,
  CheckRevert: { since: 'RevertMigration', seconds: ({ deadlines }) => deadlines.migrationSeconds },
  StopGreen: rollback,
  VerifyRollback: { seconds: ({ deadlines }) => 2 * deadlines.rollbackSeconds },
};

const waits = z.object({ waitSeconds: z.number().check(z.positive()) });
const isWaiting = ({ result }: JournalRow) => waits.safeParse(result).success;

/** When what the row's step waits for began. */
function begunAt(rows: readonly JournalRow[], index: number, since: string | undefined): string {
  const { step, at } = rows[index]!;
  const before = rows.slice(0, index);
  if (since) return before.findLast((row) => row.step === since)?.at ?? at;
  const looks = before.filter((row) => row.step === step);
  // a look that did not wait was the end of what came before it
  const others = looks.slice(looks.findLastIndex((row) => !isWaiting(row)) + 1);
  return others[0]?.at ?? at;
}

const gaveUp = z.object({ cause: z.string().check(z.minLength(1)) });

/**
 * A step that waits once more has the time until its next look. One that gave up has judged the time while it ran, so until what
 * came next; any other one was done when it was entered.
 */
function reachedBy(row: JournalRow, next: JournalRow | undefined, now: Date): Date {
  const hasGivenUp = gaveUp.safeParse(row.result).success;
  if (!next) return isWaiting(row) || hasGivenUp ? now : new Date(row.at);
  return new Date(hasGivenUp && next.step !== row.step ? next.at : row.at);
}

/** The phases of which a step has waited beyond its deadline, each once; `now` is how far the newest row has come. */
export function beyondDeadline(rows: readonly JournalRow[], limits: PhaseLimits, now: Date): string[] {
  const found = rows.flatMap((row, index) => {
    const one = waiting[row.step as StepName];
    if (!one) return [];
    const reached = reachedBy(row, rows[index + 1], now);
    const elapsed = secondsSince(begunAt(rows, index, one.since), reached);
    return elapsed > one.seconds(limits) ? [row.phase] : [];
  });
  return [...new Set(found)];
}
