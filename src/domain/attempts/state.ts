/** The rows of one table. */
export interface TableRows {
  count: number;
  /** Each row as JSON, by column; absent for a table of very many, of which `sum` is a checksum. */
  rows?: readonly Readonly<Record<string, unknown>>[];
  sum?: string;
}

/** A database at one moment. */
export interface DatabaseState {
  /** Everything of the schema that a program can notice, one line each, sorted. */
  schema: readonly string[];
  /** By qualified name. */
  rows: ReadonlyMap<string, TableRows>;
}

/** Lines of which only one of two schemas has some: `- ` what is missing, `+ ` what is more. */
export function schemaDifference(expected: readonly string[], found: readonly string[]): string[] {
  const [left, right] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ];
}

const valuesOf = (rows: readonly Readonly<Record<string, unknown>>[], column: string) =>
  rows.map((row) => JSON.stringify(row[column])).sort();

/** Columns that both have, and whose values are not the same ones. */
function changedColumns(before: TableRows, after: TableRows, columns?: ReadonlySet<string>): string[] {
  const [first] = before.rows ?? [];
  if (!first || !after.rows) return [];
  return Object.keys(first).filter((column) => {
    if (columns && !columns.has(column)) return false;
    const [one, other] = [valuesOf(before.rows!, column), valuesOf(after.rows!, column)];
    return one.some((value, index) => value !== other[index]);
  });
}

const many = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`;

interface RowOptions {
  /** Tables and columns that count; all where it is absent. Of another table the number of rows alone counts. */
  only?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What differs in the rows of tables that both have, one sentence for each. */
export function rowDifference(
  before: ReadonlyMap<string, TableRows>,
  after: ReadonlyMap<string, TableRows>,
  { only }: RowOptions = {},
): string[] {
  return [...before].flatMap(([name, one]) => {
    const other = after.get(name);
    if (!other) return [];
    if (one.count !== other.count) return [`${name} had ${many(one.count)} and has ${many(other.count)}`];
    const columns = only && (only.get(name) ?? new Set<string>());
    const changed = changedColumns(one, other, columns);
    if (changed.length > 0) return [`other values in ${name}: ${changed.join(', ')}`];
    return !only && one.sum !== other.sum ? [`other values in ${name}`] : [];
  });
}

/**
 * Columns whose values two runs from the same state must agree on, by table: those that there were, of tables that got or lost no
 * row. What a run makes itself, such as numbers of a sequence, differs from run to run.
 */
export function steadyColumns(before: DatabaseState, after: DatabaseState): Map<string, Set<string>> {
  const steady = [...before.rows].filter(([name, { count }]) => after.rows.get(name)?.count === count);
  return new Map(steady.map(([name, { rows = [] }]) => [name, new Set(Object.keys(rows[0] ?? {}))]));
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:|$)/;
const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/;

/** A value as it is, but for what every run makes anew: the time of the run, and random uuids. */
export function steady(value: unknown, now: number): unknown {
  if (typeof value !== 'string') return value;
  if (RANDOM_UUID.test(value)) return '(random)';
  return TIME.test(value) && Math.abs(Date.parse(value) - now) < DAY_MS ? '(now)' : value;
}

const MOST = 4;

/** The first of several differences, and how many more there are. */
export const some = (differences: readonly string[]): string =>
  differences.slice(0, MOST).join('; ') +
  (differences.length > MOST ? `; and ${differences.length - MOST} more` : '');

/** How two states differ, in words; empty where they do not. */
export const difference = (expected: DatabaseState, found: DatabaseState, options?: RowOptions): string[] => [
  ...schemaDifference(expected.schema, found.schema),
  ...rowDifference(expected.rows, found.rows, options),
];
