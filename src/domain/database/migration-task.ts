import type { Migration } from '../migrations/types';
import { growingPause } from '../time/deadline';
import { listed } from '../validation/check';

/** How long a migration's statement waits for a lock. */
export const LOCK_TIMEOUT_SECONDS = 5;

/**
 * What protects the application from a migration and a retry from the first attempt, given to every tool
 * that speaks libpq through its environment. A statement that waits for a lock makes everybody wait behind
 * it, so it gives up after seconds; a server notices within a second that its client is gone.
 * Source: PostgreSQL documentation, "Client Connection Defaults" and libpq "Environment Variables".
 * @param patient its statements wait by design for transactions that are open, and leave an invalid index when they give up:
 *   they have no such limit, and what makes others wait is cancelled from outside
 */
export function guard(applicationName: string, patient = false): { name: string; value: string }[] {
  const timeout = patient ? '' : `-c lock_timeout=${LOCK_TIMEOUT_SECONDS}s `;
  return [
    { name: 'PGAPPNAME', value: applicationName },
    { name: 'PGOPTIONS', value: `${timeout}-c client_connection_check_interval=1s` },
  ];
}

const PATIENT =
  /\b(?:(?:create\s+(?:unique\s+)?|drop\s+|re)index|detach\s+partition)\b[^;]*\bconcurrently\b/i;

/** Runs of a service's migrations that hold statements which wait for transactions that are open. */
export function patientRuns(pending: readonly Migration[]): ('migrate' | 'contract' | 'revert')[] {
  const some = (texts: (string | null)[]) => texts.some((text) => text !== null && PATIENT.test(text));
  const ups = (phase: Migration['phase']) => pending.filter((one) => one.phase === phase).map(({ up }) => up);
  return [
    ...(some(ups(undefined)) ? (['migrate'] as const) : []),
    ...(some(ups('contract')) ? (['contract'] as const) : []),
    ...(some(pending.map(({ down }) => down)) ? (['revert'] as const) : []),
  ];
}

/** A statement of the migration that was cancelled because others waited behind it while it waited. */
export interface CancelledWait {
  name: string;
  seconds: number;
  table: string;
}

/** What is said of a migration whose sessions do not bear its name, and of what was cancelled, as the end of a sentence about it. */
export function watchedText(
  sessions: readonly { named: boolean }[],
  cancelled: readonly CancelledWait[],
): string {
  const unread =
    sessions.length > 0 && !sessions.some(({ named }) => named)
      ? '; its session does not bear the name that it was given in PGAPPNAME, so lock_timeout in PGOPTIONS does not reach it either: what waits for a lock is cancelled from outside instead. Put lock_timeout into its URL, or set it for its role'
      : '';
  const ended = cancelled.map(
    ({ name, seconds, table }) => `${name}, which waited for ${table} for ${seconds} s`,
  );
  return (
    unread + (ended.length > 0 ? `; cancelled, because everybody waits behind it: ${ended.join(', ')}` : '')
  );
}

/** Seconds until the next look at a migration behind which users may begin to wait at any time. */
export const guardingPoll = (elapsedSeconds: number, usual: number) =>
  Math.min(usual, growingPause(elapsedSeconds / 60, LOCK_TIMEOUT_SECONDS));

/** What is said of transactions before statements that wait for all of them. */
export function waitedFor(transactions: readonly OpenTransaction[]): string[] {
  if (transactions.length === 0) return [];
  const open = transactions.map(({ name, seconds }) => `${name} for ${seconds} s`);
  return [
    `statements that run CONCURRENTLY wait for transactions that are open: ${open.join(', ')}; end them first, a prepared one by COMMIT PREPARED or ROLLBACK PREPARED`,
  ];
}

/** What is said of what is open right before migrations run: their statements may have to wait for its locks. */
export function aheadOf(transactions: readonly OpenTransaction[]): string[] {
  if (transactions.length === 0) return [];
  const open = transactions.map(
    ({ name, seconds, doing }) => `${name} for ${seconds} s${doing ? ` (${doing})` : ''}`,
  );
  return [
    `open in the database, and in the way of a migration that wants a table which they have locked: ${open.join(', ')}`,
  ];
}

/**
 * The service's command with what is to be taken back filled in: tools revert to a target, from a target on, or a number
 * of steps. Without a place for any of them the newest migration to keep is appended.
 */
export function revertCommand(
  command: readonly string[],
  keep: string,
  /** Newest first. */
  reverting: readonly string[],
): string[] {
  const values: Record<string, string> = {
    '{keep}': keep,
    '{count}': String(reverting.length),
    '{oldest}': reverting.at(-1) ?? '',
  };
  const filled = command.map((part) => part.replace(/\{(keep|count|oldest)\}/g, (place) => values[place]!));
  return filled.some((part, index) => part !== command[index]) ? filled : [...command, keep];
}

/** How a one-shot task stands, from what ECS shows of it. */
export type TaskProgress = { status: 'running' | 'succeeded' | 'failed'; cause: string };

/**
 * @param late how long it has run beyond its deadline, if it has
 * @param ok whether every essential container ended with exit code 0
 */
export function taskProgress(
  state: { status: 'missing' | 'running' | 'stopped'; detail: string },
  ok: boolean,
  late: string | undefined,
): TaskProgress {
  if (state.status === 'stopped') return { status: ok ? 'succeeded' : 'failed', cause: state.detail };
  // a missing task may only not be visible yet, so the deadline decides about it as about a running one
  return late
    ? { status: 'failed', cause: `the task has not ended after ${late}: ${state.detail}` }
    : { status: 'running', cause: state.detail };
}

/** A session whose transaction has been open for a while. */
export interface OpenTransaction {
  name: string;
  seconds: number;
  /** Tables that it has locked, in whatever mode. */
  tables: string[];
  /** What it is at, such as `a dump` or `idle in transaction`; absent where nobody asked. */
  doing?: string;
}

/** What a failed migration may have waited for, as the end of a sentence about it; empty when there is nothing. */
export function inTheWay(transactions: readonly OpenTransaction[]): string {
  if (transactions.length === 0) return '';
  const open = transactions.map(
    ({ name, seconds, tables }) => `${name} for ${seconds} s (${listed(tables)})`,
  );
  return `; it may have waited for transactions that hold locks: ${open.join(', ')}; end them or wait for their end, then deploy again`;
}
