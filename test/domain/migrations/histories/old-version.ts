import type { Catalog, Table } from '../../../../src/domain/migrations/catalog';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const qualified = (name: string) => name.split('.').map(quoted).join('.');
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const list = (columns: { name: string }[]) => columns.map(({ name }) => quoted(name)).join(', ');

type Values = Record<string, unknown>;

/** What shows in a table of what the live version does. */
export interface Trace {
  /** The row that was written last, without generated columns. */
  newest?: Values;
  /** Columns that have values, and how many rows there are. */
  filled: string[];
  rows: number;
}

/** Rows like the newest one; that row itself stands in the way of its keys, after its rules have been checked. */
function inserts({ name, columns, indexes }: Table, row: Values): string[] {
  const target = qualified(name);
  const insert = (some: Table['columns'], conflict: string) =>
    `WITH written AS (INSERT INTO ${target} (${list(some)}) OVERRIDING SYSTEM VALUE
       SELECT ${list(some)} FROM jsonb_populate_record(NULL::${target}, ${literal(JSON.stringify(row))})
       ON CONFLICT ${conflict} DO NOTHING) SELECT 1`;
  const own = columns.filter((column) => column.name in row);
  const explicit = own.filter(({ hasDefault }) => !hasDefault);
  const keys = indexes.filter(({ unique, valid, columns: of }) => unique && valid && of.length > 0);
  return [
    insert(own, ''),
    ...(explicit.length > 0 && explicit.length < own.length ? [insert(explicit, '')] : []),
    ...keys.map(({ columns: of }) => insert(own, `(${of.map(quoted).join(', ')})`)),
  ];
}

/** A change of the newest row, found by its first key. */
function updates({ name, indexes }: Table, row: Values): string[] {
  const key = indexes.find(
    ({ unique, columns }) => unique && columns.length > 0 && columns.every((column) => row[column] != null),
  );
  if (!key) return [];
  const where = key.columns.map((column) => `${quoted(column)} = ${literal(String(row[column]))}`);
  const [first] = key.columns.map(quoted);
  return [`UPDATE ${qualified(name)} SET ${first} = ${first} WHERE ${where.join(' AND ')}`];
}

/** Columns are there, most of the rows that were, and values in the columns that had some. */
function reads({ name, columns }: Table, { filled, rows }: Trace): string[] {
  const most = Math.ceil(rows * 0.9);
  const some = [`count(*) >= ${most}`, ...filled.map((column) => `count(${quoted(column)}) > 0`)];
  return [
    `SELECT ${list(columns)} FROM ${qualified(name)} LIMIT 1`,
    `SELECT 1 FROM ${qualified(name)} HAVING ${some.join(' AND ')}`,
  ];
}

/** Enum values that the version has in its code. */
const literals = ({ name, columns }: Table, enums: Catalog['enums']) =>
  columns.flatMap((column) =>
    (enums.get(column.type.name) ?? []).map(
      (label) => `SELECT count(*) FROM ${qualified(name)} WHERE ${quoted(column.name)} = ${literal(label)}`,
    ),
  );

/**
 * What the live version may do with the database as it found it, at the worst: it reads every column of every table
 * and view by name, and expects there most of the rows and some of the values that were there; it compares with every
 * value of an enum; it writes rows like the newest one, with all columns and without those that have a default, and
 * counts on each unique key in ON CONFLICT. It does not delete, lock or call functions: which rows and functions a
 * version deletes and calls does not show in its tables.
 */
export const oldVersionOf = (catalog: Catalog, traces: ReadonlyMap<string, Trace>): string[] =>
  [...catalog.tables.values()].flatMap((table) => {
    const trace = traces.get(table.name)!;
    const written = table.kind === 'table' || table.kind === 'partitioned' ? trace.newest : undefined;
    return [
      ...reads(table, trace),
      ...literals(table, catalog.enums),
      ...(written ? [...inserts(table, written), ...updates(table, written)] : []),
    ];
  });

/** Reads what oldVersionOf needs: one row with the newest row, the columns that have values, and the number of rows. */
export function tracing({ name, columns, indexes }: Table, generated: ReadonlySet<string>): string {
  const own = columns.filter((column) => !generated.has(`${name}.${column.name}`));
  const [first] = indexes.filter(({ unique, columns: of }) => unique && of.length > 0);
  const order = first ? `ORDER BY ${first.columns.map((column) => `${quoted(column)} DESC`).join(', ')}` : '';
  const filled = columns.map(
    ({ name: column }) => `CASE WHEN count(${quoted(column)}) > 0 THEN ${literal(column)} END`,
  );
  return `SELECT (SELECT to_jsonb(newest) FROM (SELECT ${list(own)} FROM ${qualified(name)} ${order} LIMIT 1) AS newest) AS newest,
    array_remove(ARRAY[${filled.join(', ')}]::text[], NULL) AS filled, count(*)::int AS rows FROM ${qualified(name)}`;
}
