import type { ClientBase } from 'pg';
import type { StatisticsSeen } from '../../domain/validation/statistics';
import { quoted } from './names';

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS table, n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = ANY ($1) AND c.relkind IN ('r', 'p', 'm')
  ORDER BY c.relpages, 3`;

/** ANALYZE passes over what the role may not analyse with a warning only, so the server is asked afterwards. */
const SINCE = `
  SELECT coalesce(bool_and(pg_stat_get_last_analyze_time(t.relid) >= $2), false) AS done
  FROM (SELECT relid FROM pg_partition_tree($1::regclass) WHERE isleaf UNION SELECT $1::regclass
        WHERE NOT EXISTS (SELECT 1 FROM pg_partition_tree($1::regclass))) t`;

/**
 * Gathers statistics of the tables that exist, smallest first, for at most so many seconds together. The client is in no
 * transaction: each table's lock, which only stops schema changes, ends with its ANALYZE. Source: PostgreSQL
 * documentation, ANALYZE.
 */
export async function analyse(
  client: ClientBase,
  tables: readonly string[],
  seconds: number,
): Promise<StatisticsSeen> {
  const end = performance.now() + seconds * 1000;
  const seen: StatisticsSeen = { analysed: [], skipped: [] };
  const { rows } = await client.query<{ schema: string; table: string; name: string }>(TABLES, [tables]);
  for (const { schema, table, name } of rows) {
    const because = await analyseOne(client, quoted(schema, table), end);
    if (because === undefined) seen.analysed.push(name);
    else seen.skipped.push({ table: name, because });
  }
  return seen;
}

/** Why the table was not analysed; undefined when it was. */
async function analyseOne(client: ClientBase, table: string, end: number): Promise<string | undefined> {
  const left = Math.floor(end - performance.now());
  if (left <= 0) return 'no time was left';
  try {
    await client.query(`SET statement_timeout = ${left}`);
    const started = await client.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    await client.query(`ANALYZE ${table}`);
    const { rows } = await client.query<{ done: boolean }>(SINCE, [table, started.rows[0]?.now]);
    return rows[0]?.done ? undefined : 'the role may not analyse it';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '57014') return 'not finished in time';
    if (code === '55P03') return 'somebody holds a lock on it';
    throw error;
  }
}
