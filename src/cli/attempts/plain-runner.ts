import type { Client } from 'pg';
import { parse } from '../../domain/migrations/parse';
import type { Migration } from '../../domain/migrations/types';
import { isTransactional, plain } from '../../migrations/plain';
import type { Ended, Run, Runner } from './runner';
import type { TryServer } from './server';

const TABLE = 'plain_migrations';
const CREATE = `CREATE TABLE IF NOT EXISTS ${TABLE} (id text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`;

/** What stopped a file, and where. */
class Refused extends Error {
  constructor(
    message: string,
    readonly at?: number,
    readonly id?: string,
  ) {
    super(message);
  }
}

interface Part {
  text: string;
  /** Of the file, 1-based; absent for what is none of it. */
  line?: number;
}

/** The statements of a text; one that the parser cannot read is for PostgreSQL to refuse. */
function partsOf(sql: string, firstLine: number): Part[] {
  const { statements, error, opaque } = parse(sql);
  const command = opaque.find(({ text }) => text.startsWith('\\'));
  if (command)
    throw new Refused(
      `${command.text} is psql's own command; name the command that runs the files with --command`,
      firstLine + command.line - 1,
    );
  if (error) return [{ text: sql, line: firstLine + error.line - 1 }];
  return statements
    .filter(({ embedded }) => !embedded)
    .map(({ text, line }) => ({ text, line: firstLine + line - 1 }));
}

const recorded = ({ id, checksum }: Migration, sql: string): { text: string; values: string[] } => ({
  text: sql,
  values: sql.includes('$2') ? [id, checksum] : [id],
});

/** Runs a file as psql does: its statements and the record of it, in one transaction where PostgreSQL lets it. */
async function runFile(
  client: Client,
  migration: Migration,
  sql: string,
  transactional: boolean,
  record: string,
) {
  let line: number | undefined;
  try {
    const parts = partsOf(sql, migration.firstLine);
    if (transactional) await client.query('BEGIN');
    for (const part of parts) {
      line = part.line;
      await client.query(part.text);
    }
    line = undefined;
    await client.query(recorded(migration, record));
    if (transactional) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error instanceof Refused ? error : new Refused((error as Error).message, line);
  }
}

const RECORD = `INSERT INTO ${TABLE} (id, checksum) VALUES ($1, $2)`;
const FORGET = `DELETE FROM ${TABLE} WHERE id = $1`;

/** Applies files of plain SQL, as `psql` would by the command that a deployment runs, and takes them back. */
export function plainRunner(
  server: TryServer,
  /** Those of a release behind all that stood before. */
  migrations: readonly Migration[],
  /** Ids in the order of their names. */
  order: readonly string[],
): Runner {
  async function start(database: string, work: (client: Client) => Promise<void>): Promise<Run> {
    const client = await server.connect(database);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = work(client)
      .then((): Ended => ({ ok: true, output: '' }))
      .catch(
        (error: Error): Ended => ({
          ok: false,
          output: error.message,
          ...(error instanceof Refused &&
            error.id !== undefined && { failed: { id: error.id, line: error.at } }),
        }),
      )
      .finally(() => client.end().catch(() => {}));
    return {
      ended,
      async kill() {
        const other = await server.command(database);
        await other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
        await other.end();
        await ended;
      },
    };
  }
  const each = async (some: readonly Migration[], run: (one: Migration) => Promise<void>) => {
    for (const one of some)
      await run(one).catch((error: Refused) => {
        throw new Refused(error.message, error.at, one.id);
      });
  };
  return {
    isApart: () => true,
    up: (database, count) =>
      start(database, async (client) => {
        await client.query(CREATE);
        const { applied } = await plain.history(client);
        const known = new Set(applied.map(({ id }) => id));
        const pending = migrations
          .slice(0, count)
          .filter(({ id }) => !known.has(id))
          .sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
        await each(pending, (one) => runFile(client, one, one.up ?? '', one.transactional, RECORD));
      }),
    async down(database, newestFirst) {
      const without = newestFirst.find(({ down }) => down === null);
      if (without) return { cannot: `${without.file} has no .down.sql beside it` };
      return start(database, (client) =>
        each(newestFirst, (one) => runFile(client, one, one.down!, isTransactional(one.down!), FORGET)),
      );
    },
    end: async () => {},
  };
}
