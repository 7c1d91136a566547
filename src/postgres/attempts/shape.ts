import type { ClientBase } from 'pg';
import type { ReferenceShape, TableShape, TypeShape } from '../../domain/attempts/rows/shape';

const USERS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> 'greenlight_watch'`;

/** Every type that a column, an attribute or a domain of the user's can have. */
const TYPES = `
SELECT t.oid::int, t.typname AS name, t.oid::regtype::text AS sql, t.typbasetype::int AS base, format_type(t.typbasetype, t.typtypmod) AS "baseSql",
  CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'd' THEN 'domain' WHEN t.typtype = 'c' THEN 'composite'
    WHEN t.typtype = 'r' THEN 'range' WHEN t.typtype = 'm' THEN 'multirange'
    WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN 'array' ELSE 'base' END AS kind,
  CASE WHEN t.typcategory = 'A' THEN t.typelem::int END AS element,
  (SELECT rngsubtype::int FROM pg_range WHERE rngtypid = t.oid) AS subtype,
  (SELECT rngtypid::int FROM pg_range WHERE rngmultitypid = t.oid) AS ranges,
  CASE WHEN t.typtype = 'e' THEN ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder) END AS labels,
  CASE WHEN t.typtype = 'd' THEN ARRAY(SELECT pg_get_expr(conbin, 0) FROM pg_constraint WHERE contypid = t.oid AND contype = 'c') END AS checks,
  CASE WHEN t.typtype = 'c' THEN ARRAY(SELECT a.atttypid::int FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0
    AND NOT a.attisdropped ORDER BY a.attnum) END AS attributes
FROM pg_type t WHERE t.typtype <> 'p'
  AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))`;

/** Tables that can be written to, partitions left to their parents. */
const TABLES = `
SELECT c.oid::int, n.nspname || '.' || c.relname AS name,
  coalesce((SELECT json_agg(ARRAY(SELECT a.attname FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS k JOIN pg_attribute a
      ON a.attrelid = c.oid AND a.attnum = k)) FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid), '[]') AS keys,
  (SELECT string_agg('(' || coalesce(pg_get_partition_constraintdef(h.inhrelid), 'true') || ')', ' OR ') FROM pg_inherits h
    WHERE h.inhparent = c.oid AND c.relkind = 'p') AS parts,
  coalesce((SELECT json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid), 'columns',
      ARRAY(SELECT a.attname FROM unnest(k.conkey) u JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u)))
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'), '[]') AS checks,
  coalesce((SELECT json_agg(json_build_object('name', k.conname, 'table', fn.nspname || '.' || f.relname,
      'columns', ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.n ORDER BY o),
      'referenced', ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = u.n ORDER BY o)) ORDER BY k.conname)
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0), '[]') AS references,
  (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int, 'sql', format_type(a.atttypid, a.atttypmod),
      'nullable', NOT a.attnotnull, 'generated', a.attgenerated <> '',
      'numbered', a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%') ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${USERS} AND c.relname <> ALL ($1)
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY 2`;

interface TypeRow {
  oid: number;
  name: string;
  sql: string;
  base: number;
  baseSql: string;
  kind: TypeShape['kind'];
  element: number | null;
  subtype: number | null;
  ranges: number | null;
  labels: string[] | null;
  checks: string[] | null;
  attributes: number[] | null;
}

interface TableRow {
  name: string;
  keys: string[][];
  parts: string | null;
  checks: { name: string; expression: string; columns: string[] }[];
  references: ReferenceShape[];
  columns:
    | { name: string; type: number; sql: string; nullable: boolean; generated: boolean; numbered: boolean }[]
    | null;
}

const modifiersOf = (sql: string) =>
  (/\(([\d, -]+)\)/.exec(sql)?.[1] ?? '')
    .split(',')
    .filter((one) => one.trim() !== '')
    .map(Number);

/** Builds types from rows, which refer to each other by number. */
function typesFrom(rows: readonly TypeRow[]): (oid: number, sql?: string) => TypeShape {
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const build = (oid: number, sql?: string, depth = 0): TypeShape => {
    const row = byOid.get(oid);
    if (!row || depth > 8)
      return { name: sql ?? 'unknown', sql: sql ?? 'unknown', modifiers: [], kind: 'base' };
    const { name, kind, base, baseSql, element, subtype, ranges } = row;
    const own = sql ?? row.sql;
    const within =
      kind === 'domain'
        ? build(base, baseSql, depth + 1)
        : kind === 'array' && element
          ? build(element, own.replace(/\[\]$/, ''), depth + 1)
          : kind === 'range' && subtype
            ? build(subtype, undefined, depth + 1)
            : kind === 'multirange' && ranges
              ? build(ranges, undefined, depth + 1)
              : undefined;
    return {
      name,
      sql: own,
      modifiers: modifiersOf(own),
      kind,
      ...(within && { of: within }),
      ...(row.labels && { labels: row.labels }),
      ...(row.checks && { checks: row.checks }),
      ...(row.attributes && { attributes: row.attributes.map((one) => build(one, undefined, depth + 1)) }),
    };
  };
  return build;
}

/**
 * Every table that rows can be made for, with what they have to satisfy. Source: PostgreSQL documentation, chapter "System
 * Catalogs".
 * @param except the tool's own tables
 */
export async function readShapes(client: ClientBase, except: readonly string[]): Promise<TableShape[]> {
  const { rows: tables } = await client.query<TableRow>(TABLES, [except]);
  const { rows: types } = await client.query<TypeRow>(TYPES);
  const typeOf = typesFrom(types);
  return tables.map(({ columns, parts, ...table }) => {
    const own = (columns ?? []).map(({ type, sql, ...column }) => ({ ...column, type: typeOf(type, sql) }));
    const about = own.filter(({ name }) => parts?.includes(name)).map(({ name }) => name);
    return {
      ...table,
      columns: own,
      checks:
        parts === null
          ? table.checks
          : [...table.checks, { name: 'its partitions', expression: parts, columns: about }],
    };
  });
}
