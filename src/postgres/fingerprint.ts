import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

/**
 * Everything of a schema that a program can notice, one line each, without OIDs or column numbers: a column
 * that was added and dropped again leaves a hole in the numbering but no difference to anybody.
 * Source: PostgreSQL documentation, chapter "System Catalogs".
 */
const LINES = `
WITH schemas AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), extension_objects AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
  SELECT c.oid, c.relkind, s.nspname || '.' || c.relname AS name, c.relrowsecurity, c.reloptions
  FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT EXISTS (SELECT 1 FROM extension_objects e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
    AND c.relname <> ALL ($1)
)
SELECT 'relation ' || name || ' ' || relkind::text || ' ' || relrowsecurity::text || ' ' || coalesce(reloptions::text, '') AS line
FROM relations
UNION ALL
SELECT 'column ' || r.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
  || a.attnotnull::text || ' ' || a.attidentity::text || a.attgenerated::text || ' '
  || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM relations r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE r.relkind <> 'S'
UNION ALL
SELECT 'constraint ' || r.name || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ' ' || c.convalidated::text
FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid::text
FROM relations r JOIN pg_index i ON i.indrelid = r.oid
UNION ALL
SELECT 'trigger ' || r.name || ' ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'policy ' || r.name || ' ' || p.polname || ' ' || p.polcmd::text || ' '
  || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
UNION ALL
SELECT 'view ' || r.name || ' ' || md5(pg_get_viewdef(r.oid)) FROM relations r WHERE r.relkind IN ('v', 'm')
UNION ALL
SELECT 'enum ' || s.nspname || '.' || t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
GROUP BY s.nspname, t.typname
UNION ALL
SELECT 'function ' || s.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || md5(p.prosrc)
FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
WHERE NOT EXISTS (SELECT 1 FROM extension_objects e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL
SELECT 'extension ' || extname || ' ' || extversion FROM pg_extension
`;

/**
 * Everything of the schema, one line each, sorted.
 * @param except the migration tool's own tables, in whatever schema: its first run creates them, no rollback drops them
 */
export async function schemaLines(client: ClientBase, except: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(LINES, [except]);
  return rows.map(({ line }) => line).sort();
}

/**
 * SHA-256 over the schema's lines: equal means that no program can tell the two schemas apart.
 * @param except the migration tool's own tables, in whatever schema: its first run creates them, no rollback drops them
 */
export async function fingerprintOf(client: ClientBase, except: readonly string[]): Promise<string> {
  const lines = await schemaLines(client, except);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
