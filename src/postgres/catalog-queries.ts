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
  EXISTS (SELECT FROM pg_default_acl WHERE defaclobjtype = 'r') AS "defaultRights",
  ARRAY(SELECT nspname::text FROM pg_namespace) AS schemas,
  ARRAY(SELECT DISTINCT usename::text FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL) AS working`;

export const TABLES = `
WITH published AS MATERIALIZED (
  SELECT t.schemaname, t.tablename, t.pubname, b.pubupdate OR b.pubdelete AS changes
  FROM pg_publication_tables t JOIN pg_publication b ON b.pubname = t.pubname)
SELECT n.nspname || '.' || c.relname AS name,
  CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized' WHEN 'f' THEN 'foreign' ELSE 'table' END AS kind,
  CASE WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples::float8 END AS rows,
  -- a table that was never analysed counts no pages
  CASE WHEN c.relkind IN ('r', 'm') THEN CASE WHEN c.reltuples >= 0
    THEN c.relpages::float8 * current_setting('block_size')::int ELSE pg_relation_size(c.oid)::float8 END END AS bytes,
  CASE WHEN c.relispartition THEN ${NAME('i.inhparent')} END AS "partitionOf",
  ${NAME('p.partdefid')} AS "defaultPartition",
  coalesce((SELECT json_agg(json_build_object('name', polname, 'restrictive', NOT polpermissive,
      'commands', CASE polcmd WHEN '*' THEN 'rawd' ELSE polcmd::text END, 'open', pg_get_expr(polqual, polrelid) = 'true',
      'roles', CASE WHEN NOT 0 = ANY (polroles) THEN ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY (polroles)) END)
    ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid), '[]') AS policies,
  c.relrowsecurity AS secured,
  c.relforcerowsecurity AS forced,
  ARRAY(SELECT ${NAME('h.inhparent')} FROM pg_inherits h WHERE h.inhrelid = c.oid AND NOT c.relispartition) AS inherits,
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND (c.relreplident = 'f' OR c.relreplident <> 'n' AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid
      AND CASE c.relreplident WHEN 'd' THEN indisprimary ELSE indisreplident END AND a.attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1]))))
    AS identity,
  EXISTS (SELECT FROM published b WHERE b.schemaname = n.nspname AND b.tablename = c.relname AND b.changes) AS published,
  ARRAY(SELECT b.pubname::text FROM published b WHERE b.schemaname = n.nspname AND b.tablename = c.relname) AS publications,
  pg_get_expr(c.relpartbound, c.oid) AS bound,
  CASE p.partstrat WHEN 'r' THEN 'range' WHEN 'l' THEN 'list' WHEN 'h' THEN 'hash' END AS strategy,
  json_build_object('logged', c.relpersistence = 'p', 'method', (SELECT amname FROM pg_am WHERE oid = c.relam),
    'space', coalesce((SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
      (SELECT spcname FROM pg_tablespace s JOIN pg_database b ON b.dattablespace = s.oid WHERE b.datname = current_database()))) AS storage,
  (SELECT json_object_agg(role, rights) FROM (
    SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END AS role, json_agg(lower(g.privilege_type)) AS rights
    FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner
      AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') GROUP BY 1) AS given) AS grants,
  ARRAY(SELECT rulename::text FROM pg_rewrite WHERE ev_class = c.oid AND rulename <> '_RETURN' ORDER BY 1) AS rules,
  CASE WHEN p.partrelid IS NOT NULL THEN ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid
    AND (a.attnum = ANY (p.partattrs) OR pg_get_expr(p.partexprs, c.oid) ~ ('\\m' || a.attname || '\\M'))) END AS "partitionKey",
  p.partexprs IS NOT NULL AS "partitionExpression",
  (SELECT tn.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace WHERE t.oid = c.reloftype) AS of,
  CASE WHEN c.relkind = 'v' THEN c.reloptions END AS settings,
  -- the bits of ROW, BEFORE and INSERT
  EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal AND tgtype & 7 = 7) AS filled
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${USER_SCHEMAS}
ORDER BY 1`;

export const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS name, ${TYPE('a.atttypid', 'a.atttypmod')} AS type,
  -- NOT VALID (18) says nothing of the rows that are there
  NOT a.attnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n'
    AND NOT k.convalidated AND a.attnum = ANY (k.conkey)) AS nullable, a.atthasdef OR a.attidentity <> '' AS "hasDefault", s.null_frac::float8 AS "nullShare",
  CASE WHEN s.attname IS NOT NULL THEN coalesce((SELECT jsonb_object_agg(value, share)
    FROM unnest(s.most_common_vals::text::text[], s.most_common_freqs) AS f (value, share) WHERE share >= 0.01), '{}') END AS frequent,
  CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
  CASE WHEN a.attidentity <> '' THEN true END AS identity
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
  AND s.inherited = (c.relkind = 'p')
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${USER_SCHEMAS}
ORDER BY 1, a.attnum`;

export const CONSTRAINTS = `
SELECT n.nspname || '.' || c.relname AS table, k.conname::text AS name,
  CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary' WHEN 'f' THEN 'foreign'
    WHEN 'x' THEN 'exclude' ELSE 'not-null' END AS kind,
  ${COLUMNS_OF('k.conrelid', 'k.conkey')} AS columns, k.convalidated AS validated,
  CASE WHEN k.condeferrable THEN true END AS deferrable, CASE WHEN k.condeferred THEN true END AS deferred, CASE WHEN k.connoinherit AND k.contype IN ('c', 'n') THEN true END AS alone,
  -- absent before 18
  coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS enforced,
  CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression,
  CASE WHEN k.contype = 'f' THEN ${NAME('k.confrelid')} END AS references,
  CASE WHEN k.contype = 'f' THEN ${COLUMNS_OF('k.confrelid', 'k.confkey')} END AS "referencedColumns",
  pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'u', 'p', 'f', 'x', 'n') AND ${USER_SCHEMAS}
ORDER BY 1, 2`;

export const INDEXES = `
SELECT n.nspname || '.' || c.relname AS table, x.relname::text AS name,
  ${COLUMNS_OF('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')} AS columns, i.indisunique AS unique,
  i.indisvalid AS valid, coalesce((SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace), (SELECT spcname
    FROM pg_tablespace s JOIN pg_database b ON b.dattablespace = s.oid WHERE b.datname = current_database())) AS space, i.indexprs IS NOT NULL OR i.indpred IS NOT NULL AS computed,
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.attnum = ANY (i.indkey::int2[])
    OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))) AS reads,
  (SELECT p.relname::text FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = x.oid) AS "partOf",
  (SELECT amname::text FROM pg_am WHERE oid = x.relam) AS method,
  substring(pg_get_indexdef(i.indexrelid) FROM ' (USING .*)$') AS definition
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${USER_SCHEMAS}
ORDER BY 1, 2`;

export const VIEWS = `
SELECT n.nspname || '.' || c.relname AS table, ${NAME('r.ev_class')} AS name,
  array_remove(array_agg(DISTINCT a.attname::text), NULL) AS columns
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = d.refobjid
JOIN pg_namespace n ON n.oid = c.relnamespace
-- one that only counts rows needs none
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND r.ev_class <> c.oid
  AND c.relkind <> 'S' AND ${USER_SCHEMAS}
GROUP BY 1, 2 ORDER BY 1, 2`;

/** What depends on single columns of a table, without being part of it or a view of it. */
export const COLUMN_USERS = `
SELECT n.nspname || '.' || c.relname AS table, h.kind, h.name, array_agg(DISTINCT a.attname::text) AS columns
FROM pg_depend d
JOIN LATERAL (
  SELECT 'trigger' AS kind, tgname::text AS name FROM pg_trigger WHERE d.classid = 'pg_trigger'::regclass AND oid = d.objid
  UNION ALL
  SELECT 'policy', polname::text FROM pg_policy WHERE d.classid = 'pg_policy'::regclass AND oid = d.objid
  UNION ALL
  SELECT 'function', pn.nspname || '.' || f.proname FROM pg_proc f JOIN pg_namespace pn ON pn.oid = f.pronamespace
    WHERE d.classid = 'pg_proc'::regclass AND f.oid = d.objid
  UNION ALL
  SELECT 'publication', b.pubname::text FROM pg_publication_rel r JOIN pg_publication b ON b.oid = r.prpubid
    WHERE d.classid = 'pg_publication_rel'::regclass AND r.oid = d.objid
  UNION ALL
  SELECT 'rule', rulename::text FROM pg_rewrite
    WHERE d.classid = 'pg_rewrite'::regclass AND oid = d.objid AND ev_class = d.refobjid AND rulename <> '_RETURN'
  UNION ALL
  SELECT 'generated column', g.attname::text FROM pg_attrdef e
    JOIN pg_attribute g ON g.attrelid = e.adrelid AND g.attnum = e.adnum AND g.attgenerated <> ''
    WHERE d.classid = 'pg_attrdef'::regclass AND e.oid = d.objid AND g.attnum <> d.refobjsubid
) AS h ON true
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND ${USER_SCHEMAS}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

export const SEQUENCES = `
SELECT n.nspname || '.' || c.relname AS name,
  CASE WHEN has_sequence_privilege(c.oid, 'USAGE, SELECT') THEN pg_sequence_last_value(c.oid)::float8 END AS last,
  NOT has_sequence_privilege(c.oid, 'USAGE, SELECT') AS unread,
  (SELECT json_build_object('table', ${NAME('o.refobjid')}, 'column', a.attname)
    FROM pg_depend o JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
    WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass
      AND o.deptype IN ('a', 'i') LIMIT 1) AS owner,
  ARRAY(SELECT ${NAME('e.adrelid')} || '.' || a.attname FROM pg_depend u
    JOIN pg_attrdef e ON e.oid = u.objid JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
    WHERE u.classid = 'pg_attrdef'::regclass AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid ORDER BY 1) AS "usedBy"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND ${USER_SCHEMAS}
ORDER BY 1`;

export const ROUTINES = `
SELECT n.nspname || '.' || f.proname AS name, bool_and(f.prorettype = 'trigger'::regtype) AS trigger,
  bool_or(f.provolatile = 'v') AS volatile,
  json_agg(json_build_object('kind', f.prokind, 'defaults', f.pronargdefaults,
    'inputs', ARRAY(SELECT t.typname FROM unnest(f.proargtypes) WITH ORDINALITY a (type, i) JOIN pg_type t ON t.oid = a.type ORDER BY i),
    'names', ARRAY(SELECT coalesce(f.proargnames[i], '') FROM generate_series(1, coalesce(cardinality(f.proargmodes), f.pronargs)) AS i
      WHERE f.proargmodes IS NULL OR f.proargmodes[i] IN ('i', 'b', 'v') ORDER BY i),
    'result', CASE WHEN f.proargmodes IS NULL OR NOT f.proargmodes && '{o,b,t}'::"char"[]
      THEN CASE WHEN f.proretset THEN 'setof ' ELSE '' END || (SELECT typname FROM pg_type WHERE oid = f.prorettype) END)) AS signatures,
  ARRAY(SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d
    WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = ANY (array_agg(f.oid)) AND d.deptype = 'n' ORDER BY 1) AS "usedBy"
FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE ${USER_SCHEMAS} AND NOT EXISTS (SELECT FROM pg_depend e
  WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid AND e.deptype = 'e')
GROUP BY 1 ORDER BY 1`;

/** What uses a type and is no column: functions, casts, domains over it, and the same of its arrays. */
export const TYPE_USERS = `
SELECT n.nspname || '.' || t.typname AS name,
  array_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)) AS users
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray) AND d.deptype = 'n'
WHERE t.typtype IN ('e', 'd', 'c', 'r') AND d.classid <> 'pg_class'::regclass AND ${USER_SCHEMAS}
GROUP BY 1 ORDER BY 1`;

export const COMPOSITES = `
SELECT n.nspname || '.' || c.relname AS name, ARRAY(
  SELECT tn.nspname || '.' || t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_namespace tn ON tn.oid = t.typnamespace WHERE a.attrelid = c.oid AND a.attnum > 0) AS types
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'c' AND ${USER_SCHEMAS}
ORDER BY 1`;

export const DOMAINS = `
SELECT n.nspname || '.' || d.typname AS name, ${TYPE('d.typbasetype', 'd.typtypmod')} AS base,
  d.typnotnull OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = d.oid) AS constrained,
  pg_get_expr(d.typdefaultbin, 0) AS default
FROM pg_type d JOIN pg_namespace n ON n.oid = d.typnamespace
WHERE d.typtype = 'd' AND ${USER_SCHEMAS}
ORDER BY 1`;

export const ENUMS = `
SELECT n.nspname || '.' || t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
WHERE ${USER_SCHEMAS}
GROUP BY 1 ORDER BY 1`;

export const PUBLICATIONS = 'SELECT pubname AS name, pubupdate OR pubdelete AS changes FROM pg_publication';

export const OWNERS = `
SELECT n.nspname || '.' || c.relname AS name, pg_get_userbyid(c.relowner) AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${USER_SCHEMAS}
UNION ALL SELECT 'schema ' || nspname, pg_get_userbyid(nspowner) FROM pg_namespace n WHERE ${USER_SCHEMAS}`;

/** Roles with those whose rights they inherit, over any number of others; who inherits is said of each grant from 16 on. */
export const ROLES = `
WITH RECURSIVE has (role, other) AS (
  SELECT oid, oid FROM pg_roles
  UNION SELECT h.role, m.roleid FROM has h JOIN pg_auth_members m ON m.member = h.other JOIN pg_roles r ON r.oid = m.member
    WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit))
SELECT r.rolname AS name, array_agg(o.rolname::text) AS has, array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'superuser' END,
  CASE WHEN r.rolbypassrls THEN 'bypassrls' END, CASE WHEN r.rolinherit THEN 'inherit' END], NULL) AS powers
FROM has h JOIN pg_roles r ON r.oid = h.role JOIN pg_roles o ON o.oid = h.other
GROUP BY r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolinherit`;

/** What else has a name, in the words of messages. Of triggers those of the user's, of schemas none of PostgreSQL's own. */
export const OBJECTS = `
SELECT 'role ' || rolname AS name FROM pg_roles
UNION ALL SELECT 'tablespace ' || spcname FROM pg_tablespace
UNION ALL SELECT 'extension ' || extname FROM pg_extension
UNION ALL SELECT 'available extension ' || name FROM pg_available_extensions
UNION ALL SELECT 'language ' || lanname FROM pg_language
UNION ALL SELECT 'publication ' || pubname FROM pg_publication
UNION ALL SELECT 'subscription ' || subname FROM pg_stat_subscription
UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
UNION ALL SELECT 'foreign-data wrapper ' || fdwname FROM pg_foreign_data_wrapper
UNION ALL SELECT 'server ' || srvname FROM pg_foreign_server
UNION ALL SELECT 'statistics ' || n.nspname || '.' || stxname FROM pg_statistic_ext JOIN pg_namespace n ON n.oid = stxnamespace
UNION ALL SELECT 'trigger ' || tgname || ' of ' || ${NAME('tgrelid')} FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'policy ' || polname || ' of ' || ${NAME('polrelid')} FROM pg_policy
UNION ALL SELECT 'rule ' || rulename || ' of ' || ${NAME('ev_class')} FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS}
UNION ALL SELECT 'constraint ' || conname || ' of ' || n.nspname || '.' || typname FROM pg_constraint JOIN pg_type t ON t.oid = contypid
  JOIN pg_namespace n ON n.oid = typnamespace WHERE ${USER_SCHEMAS}
UNION ALL SELECT 'type ' || n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE relkind = 'c' AND ${USER_SCHEMAS}
UNION ALL SELECT 'attribute ' || attname || ' of ' || n.nspname || '.' || relname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'c' AND NOT attisdropped AND ${USER_SCHEMAS}`;
