import type { ClientBase } from 'pg';
import { USER_SCHEMAS } from './validation/names';

/** So many tables are named. */
const NAMED = 5;

const UNKNOWN = 'SELECT role FROM unnest($1::text[]) role WHERE role NOT IN (SELECT rolname FROM pg_roles)';

/** Source: PostgreSQL documentation, "Predefined Roles": what belongs to other roles is in the statistics for its members alone. */
const BLIND = `
SELECT pg_is_in_recovery() AS standby, NOT pg_has_role('pg_read_all_stats', 'USAGE') AND
  NOT coalesce((SELECT bool_and(pg_has_role(oid, 'USAGE')) FROM pg_roles WHERE rolname = ANY ($1)), false) AS blind`;

const UNREADABLE = `
SELECT format('%I.%I', n.nspname, c.relname) AS name, count(*) OVER ()::int AS count
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'S') AND ${USER_SCHEMAS} AND NOT (has_schema_privilege(n.oid, 'USAGE') AND
  CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT') ELSE has_table_privilege(c.oid, 'SELECT') END)
ORDER BY 1 LIMIT ${NAMED}`;

/**
 * Names without a schema mean what the application's roles mean by them. A role's own setting, and the schema of its name that the
 * default begins with. Source: PostgreSQL documentation, "The Schema Search Path".
 */
const ELSEWHERE = `
WITH said AS (
  SELECT r.rolname, (SELECT c FROM pg_db_role_setting s, unnest(s.setconfig) c
    WHERE s.setrole = r.oid AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND c LIKE 'search_path=%' ORDER BY s.setdatabase DESC LIMIT 1) AS path,
    EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = r.rolname) AS own
  FROM pg_roles r WHERE r.rolname = ANY (array_append($1::name[], current_user::name)))
SELECT a.rolname::text AS role FROM said a JOIN said me ON me.rolname = current_user
WHERE a.rolname <> current_user AND (a.path IS DISTINCT FROM me.path OR a.own OR me.own) ORDER BY 1`;

/**
 * What the connected user lacks to see what a deployment has to see, each as the end of "it …".
 * @param roles the application's
 */
export async function missingRights(client: ClientBase, roles: readonly string[]): Promise<string[]> {
  const ask = async <Row>(text: string, values: unknown[]) =>
    (await client.query(text, values)).rows as Row[];
  const [state] = await ask<{ standby: boolean; blind: boolean }>(BLIND, [roles]);
  const unknown = await ask<{ role: string }>(UNKNOWN, [roles]);
  const unreadable = await ask<{ name: string; count: number }>(UNREADABLE, []);
  const elsewhere = await ask<{ role: string }>(ELSEWHERE, [roles]);
  const names = unreadable.map(({ name }) => name).join(', ');
  const more = (unreadable[0]?.count ?? 0) - unreadable.length;
  return [
    ...(state?.standby ? ['is connected to a standby, which does not know who works on the database'] : []),
    ...(state?.blind
      ? ["cannot see since when other roles' sessions are there: GRANT pg_read_all_stats to it"]
      : []),
    ...(unreadable.length > 0
      ? [
          `cannot read ${names}${more > 0 ? ` and ${more} more` : ''}: GRANT SELECT on all tables and sequences to it, and by default privileges on later ones, or pg_read_all_data`,
        ]
      : []),
    ...elsewhere.map(
      ({ role }) => `means other tables than ${role} by names without a schema: set its search_path alike`,
    ),
    ...unknown.map(({ role }) => `knows no role ${role} of database.roles`),
  ];
}
