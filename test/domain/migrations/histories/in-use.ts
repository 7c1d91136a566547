import type { Client } from 'pg';
import type { Catalog } from '../../../../src/domain/migrations/catalog';
import { rowsOfOldVersion } from '../measured';
import { oldVersionOf, type Trace, tracing } from './old-version';

/** Rows from which on a table of a history is big: they stand for the 100,000 of a production. */
export const BIG_ROWS = 100;

/** What the live version knows and does when a release begins. */
export interface InUse {
  /** Object ids of its tables and views, and of the big tables with their indexes. */
  all: ReadonlySet<number>;
  big: ReadonlySet<number>;
  /** Its statements, and how many rows each of them finds; undefined for one that fails. */
  version: string[];
  base: (number | undefined)[];
}

const RELATIONS = `
SELECT c.oid::int, c.relkind IN ('r', 'm') AND c.reltuples >= $1 OR EXISTS (
    SELECT FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE i.indexrelid = c.oid AND t.relkind IN ('r', 'm') AND t.reltuples >= $1) AS big
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const GENERATED = `
SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attgenerated <> '' AND a.attnum > 0`;

/** What there is to be harmed, of a database whose statistics are fresh. */
export async function inUse(client: Client, catalog: Catalog): Promise<InUse> {
  const relations = (await client.query<{ oid: number; big: boolean }>(RELATIONS, [BIG_ROWS])).rows;
  const generated = (await client.query<{ name: string }>(GENERATED)).rows.map(({ name }) => name);
  const traces = new Map<string, Trace>();
  for (const table of catalog.tables.values()) {
    const { rows } = await client.query<Trace>(tracing(table, new Set(generated)));
    traces.set(table.name, rows[0]!);
  }
  const version = oldVersionOf(catalog, traces);
  await client.query('BEGIN');
  const base = await rowsOfOldVersion(client, version);
  await client.query('ROLLBACK');
  const oids = (some: typeof relations) => new Set(some.map(({ oid }) => oid));
  return { all: oids(relations), big: oids(relations.filter(({ big }) => big)), version, base };
}
