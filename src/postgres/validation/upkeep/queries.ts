import { statementShown } from '../../../domain/privacy/statement';
import type { QueriesSeen, Query } from '../../../domain/validation/upkeep/queries';
import type { Ask } from '../within';

/** So many are kept: what is heavy now has to be among those of before. */
const HEAVIEST = 60;
/** What is read of a text; as much of it is shown as `statementShown` leaves. */
const READ = 2_000;

const EXTENSION = `
  SELECT quote_ident(n.nspname) AS schema,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = (quote_ident(n.nspname) || '.pg_stat_statements')::regclass
      AND a.attname = 'total_exec_time') AS new
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`;

/** Of all roles but the platform's own; a statement of another role has no number for who may not see it. Source: PostgreSQL documentation, "pg_stat_statements". */
const heaviest = (schema: string) => `
  SELECT s.queryid::text AS id, min(left(s.query, ${READ})) AS text, sum(s.calls)::float8 AS calls,
    sum(s.total_exec_time)::float8 AS "totalMs", max(s.stddev_exec_time)::float8 AS "deviationMs", count(*)::int AS entries
  FROM ${schema}.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
  WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT r.rolsuper
  GROUP BY s.queryid ORDER BY s.queryid IS NOT NULL, 4 DESC LIMIT ${HEAVIEST + 1}`;

/** Why statements cannot be seen, or those that took most of the server's time. */
export async function queries(ask: Ask): Promise<QueriesSeen | { unseen: string }> {
  const [extension] = await ask<{ schema: string; new: boolean }>(EXTENSION);
  if (!extension)
    return {
      unseen: 'this database has no pg_stat_statements; run CREATE EXTENSION pg_stat_statements in it',
    };
  if (!extension.new)
    return {
      unseen: 'pg_stat_statements is of an earlier PostgreSQL; ALTER EXTENSION pg_stat_statements UPDATE',
    };
  const found = await ask<Omit<Query, 'id'> & { id: string | null; entries: number }>(
    heaviest(extension.schema),
  );
  return {
    queries: found.flatMap(({ id, text, entries: _, ...counted }) =>
      id === null ? [] : [{ id, text: statementShown(text), ...counted }],
    ),
    hidden: found.find(({ id }) => id === null)?.entries ?? 0,
  };
}
