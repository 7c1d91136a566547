import type { ClientBase, QueryResultRow } from 'pg';

/** Asks the database within the time that is left. */
export type Ask = <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** Class 42 501: insufficient privilege; 55P03: lock not available; 57014: query canceled. Source: PostgreSQL documentation, "Error Codes". */
const REASONS: Record<string, (seconds: number) => string> = {
  '57014': (seconds) => `not finished within ${seconds} s`,
  '55P03': () => 'not finished: somebody holds a lock on what was to be read',
  '42501': () => 'not finished: the role may not read what it needs',
};

const STATE = /^[0-9A-Z]{5}$/;

/**
 * Looks for at most so many seconds, in the caller's transaction, which stays usable whatever the look meets: what does
 * not finish, or what the server refuses, comes back as a reason without the server's words, which may quote rows.
 * Rejects when the connection is gone.
 */
export async function within<T>(
  client: ClientBase,
  seconds: number,
  look: (ask: Ask) => Promise<T>,
): Promise<T | { unseen: string }> {
  const end = performance.now() + seconds * 1000;
  const ask: Ask = async (text, values) => {
    const left = Math.max(1, Math.floor(end - performance.now()));
    await client.query(`SET LOCAL statement_timeout = ${left}`);
    return (await client.query(text, values)).rows;
  };
  await client.query('SAVEPOINT look');
  try {
    return await look(ask);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (!STATE.test(code)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT look');
    return { unseen: REASONS[code]?.(seconds) ?? `not finished: the server answered ${code}` };
  }
}
