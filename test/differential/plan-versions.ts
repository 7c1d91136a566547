import type { Client } from 'pg';
import { ident } from '../../src/domain/migrations/names';
import type { Column, World } from './world/world';

/** Tables that a generator has made, whose values it knows. */
export type Known = Pick<World, 'tables'>;

interface Field {
  name: string;
  type: string;
  /** The first of an enum's. */
  label?: string | null;
  required: boolean;
  filled: boolean;
  written: boolean;
}

interface Relation {
  sql: string;
  name: string;
  columns: Field[];
  /** Columns of its unique indexes that name no expression and no predicate. */
  keys: string[][];
}

const RELATIONS = `
SELECT c.oid::regclass::text AS sql, n.nspname || '.' || c.relname AS name,
  json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
    'label', (SELECT enumlabel FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder LIMIT 1),
    'filled', a.atthasdef OR a.attidentity <> '', 'written', a.attgenerated = '' AND a.attidentity <> 'a') ORDER BY a.attnum) AS columns,
  coalesce((SELECT json_agg(ARRAY(SELECT k.attname FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])))
    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indexprs IS NULL AND i.indpred IS NULL), '[]') AS keys
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '_(loose|heirs|copies)$'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY c.oid, n.nspname, c.relname ORDER BY 2`;

/** The tables that a version knows. */
export async function knownTo(client: Client): Promise<Relation[]> {
  return (await client.query<Relation>(RELATIONS)).rows;
}

/** What a table was before, which may have another name by now. */
const formerly = (before: readonly Relation[], relation: Relation): Relation | undefined =>
  before.find(({ name }) => name === relation.name) ??
  before.find(
    ({ columns }) =>
      columns.map(({ name }) => name).join() === relation.columns.map(({ name }) => name).join(),
  );

type Values = (field: Field, n: number) => string | undefined;

/** Values of types that no generator has made up. */
function byType({ type, label }: Field, n: number): string | undefined {
  if (label) return `'${label}'`;
  if (/int|numeric|double/.test(type)) return String(n);
  if (/^(?:text|character varying)/.test(type)) return `'v${n}'`;
  return type === 'boolean' ? 'true' : undefined;
}

/** Values that the generator would give, for the columns of a table that may have another name by now. */
function valuesFor({ tables }: Known, before: readonly Relation[], relation: Relation): Values {
  const known = formerly(before, relation);
  const model = tables.find(({ schema, name }) => `${schema.replaceAll('"', '')}.${name}` === known?.name);
  const gone = known?.columns.find(({ name }) => !relation.columns.some((one) => one.name === name))?.name;
  const of = (name: string): Column | undefined =>
    model?.columns.find((column) => column.name === name || (name === 'renamed' && column.name === gone));
  return (field, n) => {
    if (!model) return byType(field, 40_000 + n);
    const column = of(field.name);
    if (!column) return undefined;
    if (column.name === 'at') return String(301 + n);
    if (column.name === 'parent_id') return '1';
    const value = column.kind.value(String(column.kind.id === 'smallint' ? 30_000 + n : 40_000 + n));
    return `(${value})::${field.type}`;
  };
}

/** A key that the change itself brings is nothing that a version could count on before it is there. */
const hasKey = (relation: Relation | undefined, names: readonly string[]) =>
  relation?.keys.some(
    (key) =>
      key.length === names.length &&
      names.every(
        (one) => key.includes(one) || (one === 'renamed' && key.some((old) => !names.includes(old))),
      ),
  );

const list = (names: readonly string[]) => names.map(ident).join(', ');

/** What a version does again and again; `round` gives each time other values and rows. `whole`: it leaves no column out. */
export function usesIn(
  known: Known,
  before: readonly Relation[],
  now: readonly Relation[],
  round: number,
  whole: boolean,
): string[] {
  return now.flatMap((relation, number) => {
    const values = valuesFor(known, before, relation);
    const { sql, columns } = relation;
    const keys = relation.keys.filter((names) => hasKey(formerly(before, relation), names));
    const own = columns.filter((field) => field.written && values(field, 0) !== undefined);
    let n = round * 8 + number * 2;
    const insert = (some: readonly Field[], end = '') => {
      n++;
      return `INSERT INTO ${sql} (${list(some.map(({ name }) => name))}) VALUES (${some.map((field) => values(field, n)).join(', ')})${end}`;
    };
    const given = own.filter(({ filled }) => !filled);
    const required = own.filter(({ filled, required: must }) => must && !filled);
    const key = columns.find(({ name }) => name === 'id' || name === 'at');
    const at = 50 + round * 2;
    const where = key && `${ident(key.name)} = ${key.type === 'uuid' ? `md5('${at}')::uuid` : at}`;
    const set = own.filter(({ name }) => name !== key?.name);
    const assigned = set.map((field) => `${ident(field.name)} = ${values(field, n + 1)}`).join(', ');
    const someInserts = whole
      ? []
      : [given, required].filter(({ length }) => length > 0 && length < own.length);
    return [
      ...(own.length > 0 ? [insert(own)] : []),
      ...someInserts.map((some) => insert(some)),
      ...(where && set.length > 0 ? [`UPDATE ${sql} SET ${assigned} WHERE ${where}`] : []),
      ...(own.length > 0 ? keys.map((names) => insert(own, ` ON CONFLICT (${list(names)}) DO NOTHING`)) : []),
      `SELECT ${list(columns.map(({ name }) => name))} FROM ${sql} LIMIT 1`,
    ];
  });
}
