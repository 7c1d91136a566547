import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientBase } from 'pg';
import { allot, type DataRecord } from '../domain/database/row-record';
import type { HistoryPlace } from '../domain/migrations/types';
import type { Port } from '../domain/step/port';
import { ownTables } from '../migrations/history';
import { type Address, lookAt } from './connection';
import { readSecret } from './secrets';

/** The rows of a database, as counts and checksums. */
export interface Data {
  /** All tables but the migration tool's own, as far as `compareBytes` allows. */
  record(
    secret: string,
    place: HistoryPlace,
    compareBytes: number,
  ): Promise<DataRecord | { unreachable: string }>;
  /**
   * How often rows of tables were written, whoever did, and the file that each is in, which TRUNCATE changes: two looks that differ tell
   * that somebody wrote. Sources: PostgreSQL documentation, "The Cumulative Statistics System" and pg_relation_filenode.
   */
  writes(
    secret: string,
    tables: readonly string[],
  ): Promise<{ writes: Record<string, string> } | { unreachable: string }>;
  /** The same look at the same tables, at another address if one is given. */
  again(secret: string, recorded: DataRecord, at?: Address): Promise<DataRecord | { unreachable: string }>;
}

/** Rows are compared as text, so everything that changes how a value is written is set; a hidden row is an error. */
const ALIKE = `
SET LOCAL statement_timeout = '40s'; SET LOCAL row_security = off; SET LOCAL search_path = '';
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`;

/**
 * An unlogged table comes back from a snapshot empty, and so would its size: what is said of a table is said of it alone,
 * without those that inherit from it. Even to ask for the size waits for a table that is locked.
 * Source: PostgreSQL documentation, CREATE TABLE, "UNLOGGED".
 */
const TABLES = `
SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_relation_size(c.oid)::float8 AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND c.relispopulated
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname <> ALL ($1)
  AND format('%I.%I', n.nspname, c.relname) <> ALL ($2)`;

/**
 * A crash and a snapshot move a sequence by up to 32 numbers, in its own direction; an unlogged one, as that of an unlogged
 * table is, begins anew. Source: PostgreSQL documentation, CREATE SEQUENCE; SEQ_LOG_VALS of its sources.
 */
const SEQUENCES = `
SELECT format('%I.%I', s.schemaname, s.sequencename) AS name,
  CASE WHEN s.cycle THEN NULL WHEN s.increment_by < 0 THEN -(s.last_value::numeric) ELSE s.last_value END::text AS last
FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname
  JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = n.oid
WHERE c.relpersistence = 'p'`;

/**
 * A prepared transaction is a part of the data: it is there after a crash and in a snapshot, with all of its locks. Nobody
 * runs it, so its locks have no backend; they are told by that of its own number. Source: PostgreSQL documentation, PREPARE TRANSACTION and pg_locks.
 */
const PREPARED = `
SELECT p.gid AS id,
  coalesce(array_agg(DISTINCT t.name) FILTER (WHERE t.name IS NOT NULL), '{}') AS tables,
  coalesce(array_agg(DISTINCT t.name) FILTER (WHERE l.mode = 'AccessExclusiveLock'), '{}') AS locks_all
FROM pg_prepared_xacts p
  LEFT JOIN pg_locks own ON own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.pid IS NULL
  LEFT JOIN pg_locks l ON l.virtualtransaction = own.virtualtransaction AND l.locktype = 'relation' AND l.pid IS NULL
  LEFT JOIN LATERAL (SELECT format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = l.relation AND c.relkind IN ('r', 'm', 'p')) t ON true
WHERE p.database = current_database() GROUP BY p.gid ORDER BY p.gid`;

/** The sum does not depend on the order of the rows, and a row that is there twice counts twice. */
const sumOf = (table: string) =>
  `SELECT count(*)::text AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS sum FROM ONLY ${table} t`;
const countOf = (table: string) => `SELECT count(*)::text AS rows, NULL AS sum FROM ONLY ${table}`;

const WRITES = `
SELECT name, concat_ws('/', pg_relation_filenode(oid),
  pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid)) AS writes
FROM (SELECT name, to_regclass(name)::oid AS oid FROM unnest($1::text[]) AS name) AS t WHERE oid IS NOT NULL`;

/** @param tables qualified and quoted, each with whether its rows are compared or only counted */
async function read(
  client: ClientBase,
  tables: Iterable<[string, 'compared' | 'counted']>,
  unseen: string[],
  prepared: NonNullable<DataRecord['prepared']>,
): Promise<DataRecord> {
  const seen: DataRecord = { tables: {}, sequences: {}, unseen, prepared };
  for (const [table, how] of tables) {
    const there = await client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [table]);
    if (there.rows.length === 0) continue;
    const { rows } = await client.query(how === 'compared' ? sumOf(table) : countOf(table));
    seen.tables[table] = rows[0];
  }
  for (const { name, last } of (await client.query(SEQUENCES)).rows) seen.sequences[name] = last;
  return seen;
}

async function preparedIn(client: ClientBase): Promise<NonNullable<DataRecord['prepared']>> {
  const { rows } = await client.query<{ id: string; tables: string[]; locks_all: string[] }>(PREPARED);
  return rows.map(({ id, tables, locks_all }) => ({ id, tables, locksAll: locks_all }));
}

export const data: Port<Data> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      record: (secret, place, compareBytes) =>
        lookAt(secrets, secret, async (client) => {
          await client.query(ALIKE);
          const prepared = await preparedIn(client);
          const { rows } = await client.query<{ name: string; bytes: number }>(TABLES, [
            ownTables(place),
            prepared.flatMap(({ locksAll }) => locksAll),
          ]);
          const looked = [...allot(rows, compareBytes)];
          return read(
            client,
            looked.flatMap(([name, how]) => (how === 'unseen' ? [] : [[name, how]])),
            looked.flatMap(([name, how]) => (how === 'unseen' ? [name] : [])),
            prepared,
          );
        }),
      async writes(secret, tables) {
        if (tables.length === 0) return { writes: {} };
        return lookAt(secrets, secret, async (client) => {
          const { rows } = await client.query<{ name: string; writes: string }>(WRITES, [tables]);
          return { writes: Object.fromEntries(rows.map(({ name, writes }) => [name, writes])) };
        });
      },
      again: (secret, recorded, at) =>
        lookAt(
          secrets,
          secret,
          async (client) => {
            await client.query(ALIKE);
            return read(
              client,
              Object.entries(recorded.tables).map(([name, { sum }]) => [
                name,
                sum === null ? 'counted' : 'compared',
              ]),
              recorded.unseen,
              await preparedIn(client),
            );
          },
          at,
        ),
    };
  },
};
