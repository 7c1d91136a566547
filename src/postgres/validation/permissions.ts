import type { Permissions } from '../../domain/validation/permissions';
import { USER_SCHEMAS } from './names';
import type { Ask } from './within';

/**
 * The privileges of the application's roles and of the user that is connected, which may be one of them; those that each has through
 * other roles too. An object of a role that is not the connected one has its name behind it.
 */
export async function permissions(ask: Ask, roles: readonly string[]): Promise<Permissions> {
  const rows = await ask<{ object: string; letters: string }>(
    `
    WITH roles AS (
      SELECT oid, CASE WHEN rolname <> current_user THEN concat(' for ', rolname) END AS of
      FROM pg_roles WHERE rolname = ANY (array_append($1::name[], current_user::name)))
    SELECT concat(n.nspname, '.', c.relname, r.of) AS object, concat(
      CASE WHEN has_table_privilege(r.oid, c.oid, 'SELECT') THEN 'r' END,
      CASE WHEN has_table_privilege(r.oid, c.oid, 'INSERT') THEN 'a' END,
      CASE WHEN has_table_privilege(r.oid, c.oid, 'UPDATE') THEN 'w' END,
      CASE WHEN has_table_privilege(r.oid, c.oid, 'DELETE') THEN 'd' END) AS letters
    FROM roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${USER_SCHEMAS}
    UNION ALL
    SELECT concat(n.nspname, '.', c.relname, r.of), CASE WHEN has_sequence_privilege(r.oid, c.oid, 'USAGE') THEN 'U' ELSE '' END
    FROM roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND ${USER_SCHEMAS}
    UNION ALL
    SELECT concat('schema ', n.nspname, r.of), CASE WHEN has_schema_privilege(r.oid, n.oid, 'USAGE') THEN 'U' ELSE '' END
    FROM roles r, pg_namespace n WHERE ${USER_SCHEMAS}
    ORDER BY 1`,
    [roles],
  );
  return Object.fromEntries(rows.map(({ object, letters }) => [object, letters]));
}
