import { listed } from '../validation/check';

/** How long a migration's statement waits for a lock. */
export const LOCK_TIMEOUT_SECONDS = 5;

/**
 * What protects the application from a migration and a retry from the first attempt, given to every tool
 * that speaks libpq through its environment. A statement that waits for a lock makes everybody wait behind
 * it, so it gives up after seconds; a server notices within a second that its client is gone.
 * Source: PostgreSQL documentation, "Client Connection Defaults" and libpq "Environment Variables".
 */
export function guard(applicationName: string): { name: string; value: string }[] {
  return [
    { name: 'PGAPPNAME', value: applicationName },
    {
      name: 'PGOPTIONS',
      value: `-c lock_timeout=${LOCK_TIMEOUT_SECONDS}s -c client_connection_check_interval=1s`,
    },
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
}

/** What a failed migration may have waited for, as the end of a sentence about it; empty when there is nothing. */
export function inTheWay(transactions: readonly OpenTransaction[]): string {
  if (transactions.length === 0) return '';
  const open = transactions.map(
    ({ name, seconds, tables }) => `${name} for ${seconds} s (${listed(tables)})`,
  );
  return `; it may have waited for transactions that hold locks: ${open.join(', ')}; end them or wait for their end, then deploy again`;
}
