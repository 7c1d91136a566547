import type { Client } from 'pg';

/**
 * Everything of a schema that two ways to the same change could leave different, one line each, without numbers of
 * objects and columns. Source: PostgreSQL documentation, chapter "System Catalogs".
 */
const LINES = `
WITH schemas AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
relations AS (
  SELECT c.*, s.nspname || '.' || c.relname AS name FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
), acl AS (
  SELECT r.oid, 0 AS number, r.relacl AS list FROM relations r WHERE r.relacl IS NOT NULL
  UNION ALL
  SELECT a.attrelid, a.attnum, a.attacl FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
)
SELECT 'relation ' || name || ' ' || relkind::text || relpersistence::text || ' ' || relrowsecurity::text || relforcerowsecurity::text
  || ' ' || relreplident::text || ' ' || coalesce(reloptions::text, '') || ' ' || pg_get_userbyid(relowner) || ' '
  || coalesce(pg_get_expr(relpartbound, oid), '') || ' ' || coalesce(pg_get_partkeydef(oid), '') || ' '
  || coalesce(obj_description(oid, 'pg_class'), '') || ' ' || coalesce((SELECT string_agg(inhparent::regclass::text, ',') FROM pg_inherits WHERE inhrelid = oid), '') AS line
FROM relations
UNION ALL
SELECT 'rights ' || r.name || coalesce('.' || a.attname, '') || ' ' || string_agg(pg_get_userbyid(x.grantee) || ':' || x.privilege_type, ',' ORDER BY 1, x.privilege_type, x.grantee)
FROM acl JOIN relations r ON r.oid = acl.oid LEFT JOIN pg_attribute a ON a.attrelid = acl.oid AND a.attnum = acl.number AND acl.number > 0,
  LATERAL aclexplode(acl.list) x WHERE x.grantee <> r.relowner GROUP BY r.name, a.attname
UNION ALL
SELECT 'column ' || r.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '
  || a.attidentity::text || a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' '
  || coalesce(nullif(a.attstattarget, -1)::text, '') || ' ' || a.attstorage::text || a.attcompression::text || ' ' || coalesce(a.attoptions::text, '') || ' '
  || CASE WHEN a.attcollation > 0 THEN a.attcollation::regcollation::text ELSE '' END || ' ' || coalesce(col_description(a.attrelid, a.attnum), '')
FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE r.relkind <> 'S'
UNION ALL
SELECT 'constraint ' || coalesce(r.name, k.contypid::regtype::text) || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ' ' || k.convalidated::text || ' ' || coalesce(obj_description(k.oid, 'pg_constraint'), '')
FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace LEFT JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 't'
  -- a partition that a foreign key refers to has a row of its own for it, which VALIDATE leaves as it is before 18; nothing reads it
  AND NOT EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid)
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid::text || i.indisclustered::text || i.indisreplident::text || ' '
  || coalesce((SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid), '') || ' ' || coalesce(obj_description(i.indexrelid, 'pg_class'), '')
FROM pg_index i JOIN relations r ON r.oid = i.indrelid
UNION ALL
SELECT 'trigger ' || r.name || ' ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text || ' ' || coalesce(obj_description(t.oid, 'pg_trigger'), '')
FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'policy ' || r.name || ' ' || p.polname || ' ' || p.polcmd::text || p.polpermissive::text || ' ' || p.polroles::regrole[]::text || ' '
  || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT 'rule ' || r.name || ' ' || pg_get_ruledef(w.oid) || w.ev_enabled::text FROM pg_rewrite w JOIN relations r ON r.oid = w.ev_class
UNION ALL
SELECT 'statistics ' || pg_get_statisticsobjdef(t.oid) || ' ' || coalesce(nullif((to_jsonb(t) ->> 'stxstattarget'), '-1'), '') || ' ' || coalesce(obj_description(t.oid, 'pg_statistic_ext'), '')
FROM pg_statistic_ext t JOIN schemas s ON s.oid = t.stxnamespace
UNION ALL
-- a plan makes the sequence of a serial as wide as its column, which the statement itself forgets
SELECT 'sequence ' || r.name || ' ' || CASE WHEN forgot THEN 'bigint' ELSE q.seqtypid::regtype::text END || ' ' || q.seqstart || ' '
  || q.seqincrement || ' ' || q.seqmin || ' ' || CASE WHEN forgot THEN 9223372036854775807 ELSE q.seqmax END || ' ' || q.seqcache || q.seqcycle::text || ' '
  || coalesce((SELECT d.deptype::text || d.refobjid::regclass::text || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')), '')
FROM pg_sequence q JOIN relations r ON r.oid = q.seqrelid, LATERAL (
  SELECT q.seqtypid = 'integer'::regtype AND q.seqmax = 2147483647 AND EXISTS (SELECT FROM pg_depend d
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass
    AND d.objid = r.oid AND d.deptype = 'a' AND a.atttypid = 'bigint'::regtype) AS forgot) AS own
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
UNION ALL
SELECT 'published ' || p.pubname || ' ' || p.schemaname || '.' || p.tablename || ' ' || ARRAY(SELECT unnest(p.attnames) ORDER BY 1)::text || coalesce(p.rowfilter, '')
FROM pg_publication_tables p
UNION ALL
SELECT 'type ' || s.nspname || '.' || t.typname || ' ' || t.typtype::text || coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype IN ('e', 'd')`;

/** What a default of 'now' became when it was written: two ways write it at two moments. */
const MOMENT = /'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+[^']*'/g;
/** PostgreSQL keeps no order of these columns but that of the table, in which one that was replaced is the last. */
const COUNTED = /^(statistics .* ON )(.*)( FROM .*)$/s;

const comparable = (line: string) =>
  line
    .replaceAll(MOMENT, "'now'")
    .replace(COUNTED, (_, head: string, columns: string, tail: string) =>
      [head, columns.split(', ').sort().join(', '), tail].join(''),
    );

/** The lines of a database's schema, sorted. */
export async function schemaOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(LINES);
  return rows.map(({ line }) => comparable(line)).sort();
}

/** Lines that only one of two schemas has. */
export function differing(expected: readonly string[], found: readonly string[]): string[] {
  const [left, right] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ];
}

const TABLES = `
SELECT c.oid::regclass::text AS sql, n.nspname || '.' || c.relname AS name,
  coalesce(json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid)) FILTER (WHERE d.oid IS NOT NULL), '{}') AS defaults,
  coalesce(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> ''), '{}') AS identities
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY 1, 2 ORDER BY 1`;

/** Sequences have given out so many numbers; what they give out later differs from way to way. */
const LAST_NUMBER = 100_000;

/** The same for the sequences that a change has brought: a refused insert takes a number in one way and not in the other. */
export const advanceNew = (client: Client) =>
  client.query(`SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, ${LAST_NUMBER})
    FROM pg_sequences WHERE last_value IS NULL AND increment_by > 0 AND max_value > ${2 * LAST_NUMBER}`);
const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/;
const VOLATILE = /nextval|random|now\(\)|clock_timestamp|CURRENT_/;

/** The rows of every table, without what differs from run to run: numbers of sequences, times and random values. */
export async function rowsOf(client: Client): Promise<string[]> {
  const { rows: tables } = await client.query<{
    sql: string;
    name: string;
    defaults: Record<string, string>;
    identities: string[];
  }>(TABLES);
  const lines: string[] = [];
  const today = new Date().toISOString().slice(0, 10);
  for (const { sql, name, defaults, identities } of tables) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ONLY ${sql} AS t`,
    );
    const chancy = (column: string) => identities.includes(column) || VOLATILE.test(defaults[column] ?? '');
    const masked = (column: string, value: unknown) => {
      if (typeof value === 'string' && RANDOM_UUID.test(value)) return '*';
      // also what is computed from it
      if (/^\d+$/.test(String(value)) && Number(value) > LAST_NUMBER) return '*';
      if (value === null || !chancy(column)) return value;
      if (column === 'fresh') return '*';
      if (typeof value === 'number') return Number.isInteger(value) ? value : '*';
      return String(value).startsWith(today) ? '*' : value;
    };
    for (const { row } of rows) {
      const entries = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
      lines.push(
        `row ${name} ${JSON.stringify(entries.map(([column, value]) => [column, masked(column, value)]))}`,
      );
    }
  }
  return lines.sort();
}

/** Lines of which one list has more than the other. */
export function differingRows(expected: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([line, count]) => `${count > 0 ? '-' : '+'} ${line}`);
}
