/**
 * PostgreSQL 14 to 18. Source: PostgreSQL documentation, chapter "System Catalogs". A type's modifiers are read from how
 * it is written, because their encoding differs from type to type.
 */

const USER_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
const NAME = (oid: string) =>
  `(SELECT sn.nspname || '.' || sc.relname FROM pg_class sc JOIN pg_namespace sn ON sn.oid = sc.relnamespace WHERE sc.oid = ${oid})`;

/** Internal name and modifiers; types of the user's with their schema. */
const TYPE = (oid: string, modifier: string) => `(
  SELECT json_build_object(
    'name', CASE WHEN tn.nspname = 'pg_catalog' THEN t.typname ELSE tn.nspname || '.' || t.typname END,
    'modifiers', coalesce((
      SELECT json_agg(m::int) FROM unnest(string_to_array(
        substring(format_type(${oid}, ${modifier}) from '\\(([0-9, -]+)\\)'), ',')) m), '[]'))
  FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace WHERE t.oid = ${oid})`;

const COLUMNS_OF = (relation: string, numbers: string) => `ARRAY(
  SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS listed(number, position)
  JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = listed.number ORDER BY listed.position)`;

export const SERVER = `
SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('TimeZone') AS "timeZone",
  ARRAY(SELECT s::text FROM unnest(current_schemas(false)) s) AS "searchPath",
  ARRAY(SELECT DISTINCT usename::text FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL) AS working`;

export const TABLES = `
SELECT n.nspname || '.' || c.relname AS name,
  CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized' ELSE 'table' END AS kind,
  CASE WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples::float8 END AS rows,
  CASE WHEN c.relkind IN ('r', 'm') THEN c.relpages::float8 * current_setting('block_size')::int END AS bytes,
  CASE WHEN c.relispartition THEN ${NAME('i.inhparent')} END AS "partitionOf",
  ${NAME('p.partdefid')} AS "defaultPartition",
  EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid) AS policies,
  -- the bits of ROW, BEFORE and INSERT
  EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal AND tgtype & 7 = 7) AS filled
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${USER_SCHEMAS}
ORDER BY 1`;

export const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS name, ${TYPE('a.atttypid', 'a.atttypmod')} AS type,
  NOT a.attnotnull AS nullable, a.atthasdef OR a.attidentity <> '' AS "hasDefault", s.null_frac::float8 AS "nullShare"
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
  AND s.inherited = (c.relkind = 'p')
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND ${USER_SCHEMAS}
ORDER BY 1, a.attnum`;

export const CONSTRAINTS = `
SELECT n.nspname || '.' || c.relname AS table, k.conname::text AS name,
  CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary' WHEN 'f' THEN 'foreign'
    WHEN 'x' THEN 'exclude' ELSE 'not-null' END AS kind,
  ${COLUMNS_OF('k.conrelid', 'k.conkey')} AS columns, k.convalidated AS validated,
  CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression,
  CASE WHEN k.contype = 'f' THEN ${NAME('k.confrelid')} END AS references,
  CASE WHEN k.contype = 'f' THEN ${COLUMNS_OF('k.confrelid', 'k.confkey')} END AS "referencedColumns"
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'u', 'p', 'f', 'x', 'n') AND ${USER_SCHEMAS}
ORDER BY 1, 2`;

export const INDEXES = `
SELECT n.nspname || '.' || c.relname AS table, x.relname::text AS name,
  ${COLUMNS_OF('i.indrelid', 'i.indkey::int2[]')} AS columns, i.indisunique AS unique, i.indisvalid AS valid
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${USER_SCHEMAS}
ORDER BY 1, 2`;

export const VIEWS = `
SELECT n.nspname || '.' || c.relname AS table, ${NAME('r.ev_class')} AS name,
  array_agg(DISTINCT a.attname::text) AS columns
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = d.refobjid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND r.ev_class <> c.oid
  AND ${USER_SCHEMAS}
GROUP BY 1, 2 ORDER BY 1, 2`;

export const DOMAINS = `
SELECT n.nspname || '.' || d.typname AS name, ${TYPE('d.typbasetype', 'd.typtypmod')} AS base,
  d.typnotnull OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = d.oid) AS constrained
FROM pg_type d JOIN pg_namespace n ON n.oid = d.typnamespace
WHERE d.typtype = 'd' AND ${USER_SCHEMAS}
ORDER BY 1`;

export const ENUMS = `
SELECT n.nspname || '.' || t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
WHERE ${USER_SCHEMAS}
GROUP BY 1 ORDER BY 1`;
