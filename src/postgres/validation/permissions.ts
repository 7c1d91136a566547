import type { Permissions } from '../../domain/validation/permissions';
import { USER_SCHEMAS } from './names';
import type { Ask } from './within';

/** The privileges of the role that is connected, which is the application's; those it has through other roles too. */
export async function permissions(ask: Ask): Promise<Permissions> {
  const rows = await ask<{ object: string; letters: string }>(`
    SELECT n.nspname || '.' || c.relname AS object, concat(
      CASE WHEN has_table_privilege(c.oid, 'SELECT') THEN 'r' END,
      CASE WHEN has_table_privilege(c.oid, 'INSERT') THEN 'a' END,
      CASE WHEN has_table_privilege(c.oid, 'UPDATE') THEN 'w' END,
      CASE WHEN has_table_privilege(c.oid, 'DELETE') THEN 'd' END) AS letters
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${USER_SCHEMAS}
    UNION ALL
    SELECT n.nspname || '.' || c.relname, CASE WHEN has_sequence_privilege(c.oid, 'USAGE') THEN 'U' ELSE '' END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND ${USER_SCHEMAS}
    UNION ALL
    SELECT 'schema ' || n.nspname, CASE WHEN has_schema_privilege(n.oid, 'USAGE') THEN 'U' ELSE '' END
    FROM pg_namespace n WHERE ${USER_SCHEMAS}
    ORDER BY 1`);
  return Object.fromEntries(rows.map(({ object, letters }) => [object, letters]));
}
