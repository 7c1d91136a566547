import type { Client } from 'pg';
import type { SurveyFile } from '../../domain/attempts/survey';

const USERS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Estimates alone: no table is read. */
const TABLES = `
SELECT n.nspname || '.' || c.relname AS name,
  CASE WHEN c.relkind = 'r' THEN CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END ELSE (
    SELECT sum(greatest(p.reltuples, 0))::float8 FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf) END AS rows,
  CASE WHEN c.relkind = 'r' THEN c.relpages::float8 ELSE (SELECT sum(p.relpages)::float8 FROM pg_partition_tree(c.oid) t JOIN pg_class p
    ON p.oid = t.relid WHERE t.isleaf) END * current_setting('block_size')::int AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${USERS} ORDER BY 1`;

/**
 * Of pg_stats the numbers alone: most_common_vals, histogram_bounds and most_common_elems are values of rows, and so may be
 * what stands in checks and defaults.
 */
const COLUMNS = `
SELECT s.schemaname || '.' || s.tablename AS table, s.attname::text AS name, s.null_frac::float8 AS "nullFraction",
  s.avg_width::float8 AS width, s.n_distinct::float8 AS distinct
FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
WHERE ${USERS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND s.inherited = (c.relkind = 'p')`;

interface TableRow {
  name: string;
  rows: number | null;
  bytes: number;
}
interface ColumnRow {
  table: string;
  name: string;
  nullFraction: number;
  width: number;
  distinct: number;
}

/** How full the tables are, by PostgreSQL's own statistics, in one read-only transaction of a session with limits. */
export async function takeSurvey(client: Client, now: Date): Promise<SurveyFile> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const { rows: server } = await client.query<{ major: number }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS major",
    );
    const { rows: tables } = await client.query<TableRow>(TABLES);
    const { rows: columns } = await client.query<ColumnRow>(COLUMNS);
    const known = tables.filter(({ rows }) => rows !== null);
    const of = (name: string) =>
      columns
        .filter(({ table }) => table === name)
        .map(({ name: column, nullFraction, width, distinct }) => [
          column,
          { nullFraction, width, distinct },
        ]);
    return {
      version: 1,
      takenAt: now.toISOString(),
      major: server[0]!.major,
      tables: Object.fromEntries(
        known.map(({ name, rows, bytes }) => [
          name,
          { rows: rows!, bytes, columns: Object.fromEntries(of(name)) },
        ]),
      ),
      unknown: tables.filter(({ rows }) => rows === null).map(({ name }) => name),
    };
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}
