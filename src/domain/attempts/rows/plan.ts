import type { Group } from './order';
import { mayWait } from './order';
import {
  type ColumnShape,
  type ColumnSizes,
  identifier,
  type ReferenceShape,
  relation,
  type TableShape,
  type TableSizes,
} from './shape';
import { valueFor } from './values';

/** Without a survey: the first two are alike wherever the schema lets them be, and the last has no value that it need not have. */
export const FEW = 4;
/** How many rows of a table are referred to. */
const MOST_PARENTS = 100_000;

export interface FillOptions {
  /** How many rows to make. */
  count: number;
  /** What production has; absent where nobody has looked. */
  sizes?: TableSizes;
  /** Values as SQL over `i`, by column, where the usual ones do not satisfy a condition. */
  instead?: Readonly<Record<string, string>>;
  /** No two values alike, none left out. */
  distinct?: boolean;
  /** Rows that each table has, by name. */
  present: ReadonlyMap<string, number>;
}

/** Which number a column's value is made from, in row `i`. */
function numberOf(column: ColumnShape, counting: boolean, { sizes, distinct, count }: FillOptions): string {
  if (counting || distinct) return 'i';
  const known = sizes?.columns[column.name];
  if (!known) return '((i + 1) / 2)';
  const different = known.distinct < 0 ? Math.round(-known.distinct * count) : known.distinct;
  return different > 0 ? `(1 + (i - 1) % ${Math.max(1, Math.round(different))})` : 'i';
}

/** The condition on which a row has no value there; undefined where each has one. */
function withoutValue(
  { name, nullable }: ColumnShape,
  { sizes, distinct, count }: FillOptions,
): string | undefined {
  if (!nullable || distinct) return undefined;
  if (!sizes) return count > 1 ? `i = ${count}` : undefined;
  const { nullFraction = 0 }: Partial<ColumnSizes> = sizes.columns[name] ?? {};
  return nullFraction > 0 ? `i % 1000 < ${Math.round(nullFraction * 1000)}` : undefined;
}

/** Columns whose values alone make the rows of a key differ: of each key that one which refers to nothing, if there is one. */
function counted({ keys, references, columns }: TableShape): Set<string> {
  const referring = new Set(references.flatMap((one) => one.columns));
  const numbered = new Set(columns.filter((one) => one.numbered || one.generated).map(({ name }) => name));
  return new Set(
    keys.flatMap((key) => {
      if (key.some((name) => numbered.has(name))) return [];
      return key.find((name) => !referring.has(name)) ?? [];
    }),
  );
}

/** Keys that are made of references alone: how the rows of the referred tables are combined so that no pair comes twice. */
function combined(
  table: TableShape,
  present: ReadonlyMap<string, number>,
): Map<string, { step: number; most: number }> {
  const found = new Map<string, { step: number; most: number }>();
  for (const key of table.keys) {
    const own = table.references.filter((one) => one.columns.every((name) => key.includes(name)));
    if (key.length === 0 || !key.every((name) => own.some(({ columns }) => columns.includes(name)))) continue;
    let step = 1;
    for (const { name, table: parent } of own) {
      found.set(name, { step, most: 0 });
      step *= Math.max(1, present.get(parent) ?? 0);
    }
    for (const { name } of own) found.set(name, { ...found.get(name)!, most: step });
  }
  return found;
}

export interface Statement {
  sql: string;
  count: number;
}

/** Why no row can be made. */
export interface Unmade {
  why: string;
}

interface Part {
  from: string;
  columns: Map<string, string>;
}

/** The values of a reference: those of a row of the other table, or, in a group, what the other statement is about to write. */
function referring(
  table: TableShape,
  one: ReferenceShape,
  at: number,
  group: Group,
  number: string,
): Part | Unmade {
  const among = group.find(({ name }) => name === one.table);
  if (among) {
    const values = one.referenced.map((name) => {
      const column = among.columns.find((other) => other.name === name)!;
      return column.numbered ? 'i' : valueFor(column.type, 'i');
    });
    if (values.some((value) => value === undefined))
      return { why: `${table.name} and ${one.table} refer to each other by a type that nothing is known of` };
    return { from: '', columns: new Map(one.columns.map((name, n) => [name, values[n]!])) };
  }
  const keys = one.referenced.map((name, n) => `${identifier(name)} AS k${n}`).join(', ');
  const there = one.referenced.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ');
  const picked = `(SELECT row_number() OVER () AS n, count(*) OVER () AS m, p.* FROM (SELECT ${keys} FROM ${relation(one.table)} WHERE ${there} LIMIT ${MOST_PARENTS}) AS p)`;
  return {
    from: ` JOIN ${picked} AS r${at} ON r${at}.n = 1 + (${number} - 1) % r${at}.m`,
    columns: new Map(one.columns.map((name, n) => [name, `r${at}.k${n}`])),
  };
}

/**
 * The statement that fills the tables of a group, or why there is none. Tables of a group are written by one statement, because
 * PostgreSQL looks at references when a statement ends.
 */
export function insertInto(group: Group, options: FillOptions): Statement | Unmade {
  const cyclic =
    group.length > 1 ||
    group[0]!.references.some((one) => one.table === group[0]!.name && !mayWait(group[0]!, one));
  const parts: string[] = [];
  let least = options.count;
  for (const table of group) {
    const made = oneInsert(table, cyclic ? group : [], options);
    if ('why' in made) return made;
    parts.push(made.sql);
    least = Math.min(least, made.count);
  }
  if (parts.length === 1) return { sql: parts[0]!, count: least };
  const written = parts.map((sql, n) => `w${n} AS (${sql} RETURNING 1)`);
  return { sql: `WITH ${written.join(', ')} SELECT 1`, count: least };
}

function oneInsert(table: TableShape, group: Group, options: FillOptions): Statement | Unmade {
  const { present, instead = {}, sizes } = options;
  const counting = counted(table);
  const pairs = combined(table, present);
  const values = new Map<string, string>();
  let from = 'generate_series(1, COUNT) AS i';
  let { count } = options;
  for (const [at, one] of table.references.entries()) {
    const inGroup = group.some(({ name }) => name === one.table);
    const parents = present.get(one.table) ?? 0;
    if (!inGroup && (parents === 0 || one.table === table.name)) {
      if (mayWait(table, one)) {
        for (const name of one.columns)
          if (table.columns.find((column) => column.name === name)?.nullable) values.set(name, 'NULL');
        continue;
      }
      if (one.table === table.name) continue;
      return { why: `${one.table}, which it refers to, has no row` };
    }
    const pair = pairs.get(one.name);
    if (pair && !inGroup) count = Math.min(count, pair.most);
    const [first = ''] = one.columns;
    const column = table.columns.find(({ name }) => name === first)!;
    const number = pair ? `((i - 1) / ${pair.step} + 1)` : numberOf(column, counting.has(first), options);
    const made = referring(table, one, at, group, number);
    if ('why' in made) return made;
    from += made.from;
    const empty = pair ? undefined : withoutValue(column, options);
    for (const [name, value] of made.columns)
      if (!values.has(name))
        values.set(name, empty && !inGroup ? `CASE WHEN ${empty} THEN NULL ELSE ${value} END` : value);
  }
  const inKeys = new Set(table.keys.flat());
  for (const column of table.columns) {
    const { name, type, nullable, numbered, generated } = column;
    if (numbered || generated || values.has(name)) continue;
    const number = group.length > 0 ? 'i' : numberOf(column, counting.has(name), options);
    const chosen = instead[name]?.replaceAll(/\bi\b/g, number);
    const value = chosen ?? valueFor(type, number, sizes?.columns[name]?.width);
    if (value === undefined && nullable) continue;
    if (value === undefined) return { why: `no value of the type ${type.sql} is known, which ${name} needs` };
    const empty =
      counting.has(name) && inKeys.has(name) && !nullable ? undefined : withoutValue(column, options);
    values.set(name, empty ? `CASE WHEN ${empty} THEN NULL ELSE ${value} END` : value);
    if (counting.has(name)) count = Math.min(count, differentValues(column, chosen) ?? count);
  }
  const names = [...values.keys()].map(identifier).join(', ');
  const series = from.replace('COUNT', String(count));
  const into = `INSERT INTO ${relation(table.name)}`;
  if (values.size === 0) return { sql: `${into} DEFAULT VALUES`, count: 1 };
  return { sql: `${into} (${names}) SELECT ${[...values.values()].join(', ')} FROM ${series}`, count };
}

/** How many values a column has that must all differ; undefined where there are enough. */
function differentValues({ type }: ColumnShape, chosen: string | undefined): number | undefined {
  const base = type.kind === 'domain' ? (type.of ?? type) : type;
  if (base.kind === 'enum') return base.labels?.length;
  if (base.name === 'bool') return 2;
  if (chosen === undefined) return undefined;
  const listed = /^\(?\(ARRAY\[(.*)\]::text\[\]\)/.exec(chosen)?.[1];
  if (listed !== undefined) return listed.split(/', '/).length;
  return /\bi\b/.test(chosen) ? undefined : 1;
}

/** What gives rows, whose references had to wait, something to refer to: all but the last, which may go without. */
export const connecting = (tables: readonly TableShape[]): { table: string; sql: string }[] =>
  tables.flatMap((table) =>
    table.references
      .filter((one) => mayWait(table, one))
      .map((one) => {
        const set = one.columns.map((name, n) => `${identifier(name)} = p.k${n}`).join(', ');
        const keys = one.referenced.map((name, n) => `${identifier(name)} AS k${n}`).join(', ');
        const empty = one.columns.map((name) => `t.${identifier(name)} IS NULL`).join(' OR ');
        return {
          table: table.name,
          sql: `UPDATE ${relation(table.name)} AS t SET ${set} FROM (SELECT ${keys} FROM ${relation(one.table)} LIMIT 1) AS p WHERE (${empty}) AND t.ctid = (SELECT min(ctid) FROM ${relation(table.name)})`,
        };
      }),
  );

/** Looks for values that satisfy a condition in all of the rows; `values` are SQL over `i`. */
export function satisfies(
  table: TableShape,
  expression: string,
  values: Readonly<Record<string, string>>,
  count: number,
): string {
  const known = Object.entries(values).map(([name, value]) => `${value} AS ${identifier(name)}`);
  const others = table.columns
    .filter(({ name }) => !(name in values))
    .map(({ name, type }) => `NULL::${type.sql} AS ${identifier(name)}`);
  // a value that is not looked at is not made, and a domain's conditions are not asked
  const made = Object.keys(values).map((name) => `, count(${identifier(name)})`);
  return `SELECT bool_and((${expression}) IS NOT FALSE) AS ok${made.join('')} FROM (SELECT ${[...known, ...others].join(', ')} FROM generate_series(1, ${count}) AS i) AS t`;
}
