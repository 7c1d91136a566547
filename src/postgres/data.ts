import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientBase } from 'pg';
import { allot, type DataRecord } from '../domain/database/row-record';
import type { ToolName } from '../domain/migrations/types';
import type { Port } from '../domain/step/port';
import { ownTables } from '../migrations/history';
import { type Address, lookAt } from './connection';
import { readSecret } from './database';

/** The rows of a database, as counts and checksums. */
export interface Data {
  /** All tables but the migration tool's own, as far as `compareBytes` allows. */
  record(secret: string, tool: ToolName, compareBytes: number): Promise<DataRecord | { unreachable: string }>;
  /** The same look at the same tables, at another address if one is given. */
  again(secret: string, recorded: DataRecord, at?: Address): Promise<DataRecord | { unreachable: string }>;
}

/** Rows are compared as text, so everything that changes how a value is written is set; a hidden row is an error. */
const ALIKE = `
SET LOCAL statement_timeout = '40s'; SET LOCAL row_security = off; SET LOCAL search_path = '';
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`;

/** An unlogged table does not come back from a snapshot. Source: Amazon RDS User Guide, "Creating a DB snapshot". */
const TABLES = `
SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_relation_size(c.oid)::float8 AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND c.relispopulated
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname <> ALL ($1)`;

const SEQUENCES = `
SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last FROM pg_sequences`;

/** The sum does not depend on the order of the rows, and a row that is there twice counts twice. */
const sumOf = (table: string) =>
  `SELECT count(*)::text AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS sum FROM ${table} t`;
const countOf = (table: string) => `SELECT count(*)::text AS rows, NULL AS sum FROM ${table}`;

/** @param tables qualified and quoted, each with whether its rows are compared or only counted */
async function read(
  client: ClientBase,
  tables: Iterable<[string, 'compared' | 'counted']>,
  unseen: string[],
): Promise<DataRecord> {
  const seen: DataRecord = { tables: {}, sequences: {}, unseen };
  for (const [table, how] of tables) {
    const there = await client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [table]);
    if (there.rows.length === 0) continue;
    const { rows } = await client.query(how === 'compared' ? sumOf(table) : countOf(table));
    seen.tables[table] = rows[0];
  }
  for (const { name, last } of (await client.query(SEQUENCES)).rows) seen.sequences[name] = last;
  return seen;
}

export const data: Port<Data> = {
  inVpc: true,
  grants: [readSecret],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      record: (secret, tool, compareBytes) =>
        lookAt(secrets, secret, async (client) => {
          await client.query(ALIKE);
          const { rows } = await client.query<{ name: string; bytes: number }>(TABLES, [ownTables(tool)]);
          const looked = [...allot(rows, compareBytes)];
          return read(
            client,
            looked.flatMap(([name, how]) => (how === 'unseen' ? [] : [[name, how]])),
            looked.flatMap(([name, how]) => (how === 'unseen' ? [name] : [])),
          );
        }),
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
            );
          },
          at,
        ),
    };
  },
};
