import type { A_Expr, Node, RangeVar } from 'libpg-query';
import { type Column, partitionsOf, resolve, type Table } from '../catalog';
import { columnsIn, some, texts } from '../syntax';
import type { Subject } from './rule';
import { columnBehind, hasFewValues, isKey, MANY, shareWith } from './values';

/** How many rows a condition leaves; `unknown` where neither its form nor the statistics tell. */
export type Amount = 'none' | 'some' | 'unknown' | 'many' | 'all';

/** Source and condition of an UPDATE, DELETE or MERGE, or of a query in one. */
export type Writing = Subject<{
  relation?: RangeVar;
  whereClause?: Node;
  fromClause?: Node[];
  usingClause?: Node[];
}> & {
  /** A query in another statement, whose columns it may compare with its own. */
  inner?: true;
};

export const sourcesOf = ({ node }: Writing): Node[] => node.fromClause ?? node.usingClause ?? [];

/** What stands in a FROM, the sides of its joins each by itself. */
export const joined = (sources: readonly Node[]): Node[] =>
  sources.flatMap((source) =>
    'JoinExpr' in source
      ? joined([source.JoinExpr.larg, source.JoinExpr.rarg].filter((side) => side !== undefined))
      : source,
  );

export const amountFrom = (share: number): Amount => (share >= MANY ? 'many' : 'some');

export const integer = (node: Node | undefined): number | undefined => {
  if (!node || !('A_Const' in node)) return undefined;
  const { ival } = node.A_Const as { ival?: { ival?: number } };
  return ival ? (ival.ival ?? 0) : undefined;
};

/** VALUES, or a row of constants, written out: few rows. */
export function isList(source: Node | undefined): boolean {
  const { subquery } = source && 'RangeSubselect' in source ? source.RangeSubselect : {};
  if (!subquery || !('SelectStmt' in subquery)) return false;
  const { valuesLists, fromClause, targetList, larg } = subquery.SelectStmt;
  const calls = some({ targetList }, (tag) => tag === 'FuncCall');
  return valuesLists !== undefined || (!fromClause && !larg && !calls);
}

/** A comparison of two columns. */
export const isJoin = (part: Node): boolean =>
  'A_Expr' in part &&
  columnsIn({ left: part.A_Expr.lexpr }).length > 0 &&
  columnsIn({ right: part.A_Expr.rexpr }).length > 0;

/** Where nobody knows the table, what is named as keys are is taken for one. */
const isNamedAsKey = ({ table }: Subject, column: string): boolean =>
  (table?.columns ?? []).length === 0 && /^(?:uu)?id$/i.test(column);

/** Each value is in one row. */
const isPoint = (subject: Subject, column: string): boolean =>
  isKey(subject.table, column) || isNamedAsKey(subject, column);

/** Rows from which on a range of numbers is taken to be wide where nobody has counted the rows. */
const WIDE = 10_000;

/** So few rows lie between two numbers, where each has one. */
export function isNarrow({ table, catalog, relation }: Subject, from: number, to: number): boolean {
  const own = table ? [table, ...partitionsOf(catalog, relation)] : [];
  const counted = own.flatMap(({ rows }) => rows ?? []);
  return to - from < (counted.length === 0 ? WIDE : counted.reduce((sum, rows) => sum + rows, 0) * MANY);
}

/** How many rows lie between two values, of which numbers of a key may be known: many may have the same where it is no key. */
export function amountBetween(subject: Subject, column: string, from?: number, to?: number): Amount {
  if (from !== undefined && to !== undefined && !isNarrow(subject, from, to)) return 'many';
  return isPoint(subject, column) ? 'some' : 'unknown';
}

const isColumn = (node: Node | undefined): boolean => node !== undefined && 'ColumnRef' in node;

const BOUNDS = new Map([
  ['<', 'upper'],
  ['<=', 'upper'],
  ['>', 'lower'],
  ['>=', 'lower'],
]);

interface Side {
  column: string;
  bound: string;
  value?: number;
}

/** One side of a comparison is open: how many rows lie there nobody knows, but of the first numbers of a key. */
export function openSide(subject: Subject, comparison: A_Expr): Side | undefined {
  const bound = BOUNDS.get(texts(comparison.name).at(-1) ?? '');
  const [column] = columnsIn({ left: comparison.lexpr });
  if (comparison.kind !== 'AEXPR_OP' || !bound || column === undefined) return undefined;
  const value = integer(comparison.rexpr);
  const isFirst =
    bound === 'upper' && value !== undefined && isColumn(comparison.lexpr) && isKey(subject.table, column);
  return isFirst && isNarrow(subject, 0, value) ? undefined : { column, bound, value };
}

/** The column that a name stands for: of the table that is written, or of another source. */
function found(
  subject: Writing,
  [name = '', qualifier]: string[],
): { table: Table; column: Column } | undefined {
  const { catalog, node, table: own } = subject;
  const ranges = joined(sourcesOf(subject)).flatMap((source) =>
    'RangeVar' in source ? source.RangeVar : [],
  );
  const all: [RangeVar | undefined, Table | undefined][] = [
    [node.relation, own],
    ...ranges.map((range): [RangeVar, Table | undefined] => [
      range,
      catalog.tables.get(resolve(catalog, range, catalog.tables)),
    ]),
  ];
  for (const [range, table] of all) {
    if (qualifier !== undefined && qualifier !== (range?.alias?.aliasname ?? range?.relname)) continue;
    const column = table?.columns.find((one) => one.name === name);
    if (table && column) return { table, column };
  }
  return undefined;
}

const UNKNOWN: Node = { ParamRef: {} };

/** What a document says may be in one row or in all of them. */
const isDocument = (expression: Node): boolean =>
  some(
    { expression },
    (tag, node) => tag === 'A_Expr' && /^#?->/.test(texts(node.name as Node[]).at(-1) ?? ''),
  );

/** Rows in which an expression is one of the values. */
export function amountWith(subject: Writing, expression: Node, values: readonly Node[]): Amount {
  const name = columnBehind(expression);
  // most results that are put together of columns are fewer than the rows
  if (name === undefined)
    return columnsIn({ expression }).length === 0 || isDocument(expression) ? 'unknown' : 'many';
  const last = name.at(-1) ?? '';
  const { table, column } = found(subject, [...name].reverse()) ?? {};
  if (table === subject.table && isPoint(subject, last)) return 'some';
  if (!table || !column) return 'unknown';
  // of another form of it nobody knows which value it is
  const share = shareWith(subject.catalog, column, 'ColumnRef' in expression ? values : [UNKNOWN]);
  if (share !== undefined) return amountFrom(share);
  return hasFewValues(subject.catalog, table, column) ? 'many' : 'unknown';
}

/** Rows in which it is none of them. */
export function amountWithout(subject: Writing, expression: Node, values: readonly Node[]): Amount {
  const { column } =
    'ColumnRef' in expression ? (found(subject, texts(expression.ColumnRef.fields).reverse()) ?? {}) : {};
  if (column === undefined || values.includes(UNKNOWN)) return 'many';
  const share = shareWith(subject.catalog, column, values);
  return amountFrom(share === undefined ? 1 : 1 - share - (column.nullShare ?? 0));
}

/** What is compared with, one by one; what is only known when the statement runs among them. */
function valuesOf({ kind, rexpr }: A_Expr): Node[] {
  if (rexpr && 'List' in rexpr) return rexpr.List.items ?? [];
  if (rexpr && 'A_ArrayExpr' in rexpr) return rexpr.A_ArrayExpr.elements ?? [];
  return rexpr && kind === 'AEXPR_OP' ? [rexpr] : [UNKNOWN];
}

/** Other tables decide which rows: how many find their like nobody knows, unless their rows are written out. */
function isFed(subject: Writing, { lexpr, rexpr }: A_Expr): boolean {
  const sources = sourcesOf(subject);
  if (subject.inner) return true;
  if (sources.length > 0) return !sources.every(isList);
  // what is no column of the table is a variable of the code around it
  return [lexpr, rexpr].every((side) =>
    columnsIn({ side }).every((name) => subject.table?.columns.some((column) => column.name === name)),
  );
}

const NEGATED = new Set(['AEXPR_DISTINCT', 'AEXPR_OP_ALL', 'AEXPR_NOT_BETWEEN', 'AEXPR_NOT_BETWEEN_SYM']);
const EQUAL = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY', 'AEXPR_NOT_DISTINCT']);

/** A comparison; the column may stand on either side of an equality. */
export function ofComparison(subject: Writing, comparison: A_Expr): Amount {
  const { kind = '', name, lexpr, rexpr } = comparison;
  const operator = texts(name).at(-1) ?? '';
  if (NEGATED.has(kind) || openSide(subject, comparison)) return 'many';
  // the first numbers of a key
  if (kind === 'AEXPR_OP' && BOUNDS.has(operator) && columnsIn({ lexpr }).length > 0) return 'some';
  if (/^AEXPR_BETWEEN/.test(kind)) {
    const [from, to] = rexpr && 'List' in rexpr ? (rexpr.List.items ?? []).map(integer) : [];
    const [column] = isColumn(lexpr) ? columnsIn({ lexpr }) : [];
    return column === undefined ? 'unknown' : amountBetween(subject, column, from, to);
  }
  if (isJoin({ A_Expr: comparison })) {
    if (isFed(subject, comparison)) return 'many';
    if (operator === '=' && sourcesOf(subject).length > 0) return 'some';
  }
  if (!lexpr || !EQUAL.has(kind) || (operator !== '=' && operator !== '<>'))
    return columnsIn({ comparison }).length > 0 ? 'many' : 'unknown';
  const swapped = columnsIn({ lexpr }).length === 0 && rexpr !== undefined;
  const [side, values] = swapped ? [rexpr, [lexpr]] : [lexpr, valuesOf(comparison)];
  return (operator === '<>' ? amountWithout : amountWith)(subject, side, values);
}

/** Columns that a part compares for equality with values. */
export const pointsIn = (part: Node): string[] =>
  'A_Expr' in part &&
  EQUAL.has(part.A_Expr.kind ?? '') &&
  isColumn(part.A_Expr.lexpr) &&
  texts(part.A_Expr.name).at(-1) === '='
    ? columnsIn({ left: part.A_Expr.lexpr })
    : [];
