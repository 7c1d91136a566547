import type { Client } from 'pg';
import { relation } from '../../domain/attempts/rows/shape';
import { type DatabaseState, steady, type TableRows } from '../../domain/attempts/state';
import { schemaLines } from '../fingerprint';

const TABLES = `
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relname <> ALL ($1)
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY 1`;

/** Tables that can have rows, those of the tool left out; partitions are their parents' rows. */
export async function tableNames(client: Client, except: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(TABLES, [except]);
  return rows.map(({ name }) => name);
}

/** Of a table with more rows a checksum is enough. */
const MOST_ROWS = 1_000;

const few = (name: string, n: number) =>
  `SELECT ${n} AS n, (SELECT count(*)::int FROM ${relation(name)}) AS count,
    (SELECT json_agg(to_jsonb(t)) FROM (SELECT * FROM ${relation(name)} LIMIT ${MOST_ROWS + 1}) AS t) AS rows`;
const sum = (name: string) =>
  `SELECT md5(string_agg(h, '' ORDER BY h)) AS sum FROM (SELECT md5(to_jsonb(t)::text) AS h FROM ${relation(name)} AS t) AS s`;

type Row = { n: number; count: number; rows: Record<string, unknown>[] | null };

const steadyRow = (row: Record<string, unknown>, now: number) =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, steady(value, now)]));

async function rowsOf(client: Client, names: readonly string[]): Promise<Map<string, TableRows>> {
  if (names.length === 0) return new Map();
  const { rows } = await client.query<Row>(names.map(few).join(' UNION ALL '));
  const now = Date.now();
  const found = new Map<string, TableRows>();
  for (const { n, count, rows: own } of rows) {
    const name = names[n]!;
    if (count <= MOST_ROWS) found.set(name, { count, rows: (own ?? []).map((row) => steadyRow(row, now)) });
    else found.set(name, { count, sum: (await client.query<{ sum: string }>(sum(name))).rows[0]!.sum });
  }
  return found;
}

/**
 * Schema and rows of a database.
 * @param except the tool's own tables
 */
export async function readState(client: Client, except: readonly string[]): Promise<DatabaseState> {
  const schema = await schemaLines(client, except);
  const names = await tableNames(client, except);
  return { schema, rows: await rowsOf(client, names) };
}
