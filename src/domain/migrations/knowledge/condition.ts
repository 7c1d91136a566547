import type { A_Expr, Node, NullTest, SelectStmt, SubLink } from 'libpg-query';
import { partitionsOf } from '../catalog';
import { columnsIn, texts } from '../syntax';
import type { Subject } from './rule';

/** From this share of the rows on, a condition is taken to leave most of them. */
const MANY = 0.1;
const BOUNDS = new Map([
  ['<', 'upper'],
  ['<=', 'upper'],
  ['>', 'lower'],
  ['>=', 'lower'],
  ['<>', 'none'],
]);

/** The parts of a condition that must all be true. */
export const parts = (where: Node): Node[] =>
  'BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR'
    ? (where.BoolExpr.args ?? []).flatMap(parts)
    : [where];

/** By the statistics; where there are none, NULLs are taken to be many, since somebody looks for them. */
function leavesMany({ table }: Subject, { arg, nulltesttype }: NullTest): boolean {
  const [name] = columnsIn({ arg });
  const { nullShare } = table?.columns.find((column) => column.name === name) ?? {};
  if (nulltesttype === 'IS_NULL') return (nullShare ?? 1) >= MANY;
  return 1 - (nullShare ?? 0) >= MANY;
}

const integer = (node: Node | undefined): number | undefined => {
  if (!node || !('A_Const' in node)) return undefined;
  const { ival } = node.A_Const as { ival?: { ival?: number } };
  return ival ? (ival.ival ?? 0) : undefined;
};

/** A column that is a key by itself, so that its numbers are as many as the rows and begin at one. */
const isKey = ({ table }: Subject, column: string): boolean =>
  table?.indexes.some(({ unique, columns }) => unique && columns.join() === column) === true;

/** Rows from which on a range of numbers is taken to be wide where nobody has counted the rows. */
const WIDE = 10_000;

/** So few rows lie between two numbers, where each has one. */
function isNarrow({ table, catalog, relation }: Subject, from: number, to: number): boolean {
  const own = table ? [table, ...partitionsOf(catalog, relation)] : [];
  const counted = own.flatMap(({ rows }) => rows ?? []);
  return to - from < (counted.length === 0 ? WIDE : counted.reduce((sum, rows) => sum + rows, 0) * MANY);
}

const fewBetween = (subject: Subject, column: string, from: number, to: number): boolean =>
  isKey(subject, column) && isNarrow(subject, from, to);

interface Side {
  column: string;
  bound: string;
  value?: number;
}

/** One side of a comparison is open: how many rows lie there nobody knows. */
function openSide(subject: Subject, comparison: A_Expr): Side | undefined {
  const bound = BOUNDS.get(texts(comparison.name).at(-1) ?? '');
  const [column] = columnsIn({ left: comparison.lexpr });
  if (comparison.kind !== 'AEXPR_OP' || !bound || column === undefined) return undefined;
  const value = integer(comparison.rexpr);
  return bound === 'upper' && value !== undefined && fewBetween(subject, column, 0, value)
    ? undefined
    : { column, bound, value };
}

/** BETWEEN two numbers of a key that lie far apart. */
function wideRange(subject: Subject, { kind, lexpr, rexpr }: A_Expr): boolean {
  if (kind !== 'AEXPR_BETWEEN' || !rexpr || !('List' in rexpr)) return false;
  const [from, to] = (rexpr.List.items ?? []).map(integer);
  const [column] = columnsIn({ lexpr });
  if (from === undefined || to === undefined || column === undefined) return false;
  return !isNarrow(subject, from, to);
}

/** Whether a condition without columns holds: true, NOT false, 1 = 1; undefined where nobody can say. */
export function truthOf(node: Node): boolean | undefined {
  if ('A_Const' in node) {
    const { boolval } = node.A_Const as { boolval?: { boolval?: boolean } };
    return boolval ? boolval.boolval === true : undefined;
  }
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR') {
    const denied = node.BoolExpr.args?.[0] && truthOf(node.BoolExpr.args[0]);
    return denied === undefined ? undefined : !denied;
  }
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const [left, right] = [integer(node.A_Expr.lexpr), integer(node.A_Expr.rexpr)];
  return left === undefined || right === undefined || texts(node.A_Expr.name).at(-1) !== '='
    ? undefined
    : left === right;
}

/** A part that every row satisfies: true, 1 = 1, a key that is more than nothing, a column that cannot be NULL. */
function isAlways(subject: Subject, part: Node): boolean {
  const fixed = truthOf(part);
  if (fixed !== undefined) return fixed;
  if ('NullTest' in part) {
    const [name] = columnsIn({ arg: part.NullTest.arg });
    const known = subject.table?.columns.find((column) => column.name === name);
    return part.NullTest.nulltesttype === 'IS_NOT_NULL' && known?.nullable === false;
  }
  if (!('A_Expr' in part) || part.A_Expr.kind !== 'AEXPR_OP') return false;
  const { lexpr, rexpr, name } = part.A_Expr;
  const operator = texts(name).at(-1) ?? '';
  const right = integer(rexpr);
  const [column] = columnsIn({ lexpr });
  const isWhole = column !== undefined && isKey(subject, column) && right !== undefined;
  return isWhole && ((operator === '>' && right <= 0) || (operator === '>=' && right <= 1));
}

/** VALUES, written out: few rows. */
export const isList = (source: Node | undefined): boolean =>
  source !== undefined &&
  'RangeSubselect' in source &&
  source.RangeSubselect.subquery !== undefined &&
  'SelectStmt' in source.RangeSubselect.subquery &&
  source.RangeSubselect.subquery.SelectStmt.valuesLists !== undefined;

/** A comparison of two columns. */
export const isJoin = (part: Node): boolean =>
  'A_Expr' in part &&
  columnsIn({ left: part.A_Expr.lexpr }).length > 0 &&
  columnsIn({ right: part.A_Expr.rexpr }).length > 0;

/** A subquery that gives all rows of a table: nothing narrows it but the join with the outer row. */
function isWide({ subselect }: SubLink): boolean {
  if (!subselect || !('SelectStmt' in subselect)) return false;
  const select: SelectStmt = subselect.SelectStmt;
  const { fromClause = [], whereClause, limitCount, groupClause, havingClause } = select;
  if (limitCount || groupClause || havingClause) return false;
  return (
    fromClause.some((from) => 'RangeVar' in from) &&
    (whereClause === undefined || parts(whereClause).every(isJoin))
  );
}

/** Source and condition of an UPDATE, DELETE or MERGE. */
export type Writing = Subject<{ whereClause?: Node; fromClause?: Node[]; usingClause?: Node[] }>;

/** Other tables decide which rows: how many find their like nobody knows, unless their rows are written out. */
const isFed = ({ node }: Writing): boolean => {
  const sources = node.fromClause ?? node.usingClause ?? [];
  return sources.length > 0 && !sources.every(isList);
};

/** How many rows a condition leaves. */
export type Amount = 'none' | 'some' | 'many' | 'all';

const OPPOSITE: Record<Amount, Amount> = { none: 'all', some: 'many', many: 'many', all: 'none' };

const NEGATED = new Set(['AEXPR_DISTINCT', 'AEXPR_OP_ALL', 'AEXPR_NOT_BETWEEN', 'AEXPR_NOT_BETWEEN_SYM']);

function ofComparison(subject: Writing, comparison: A_Expr): Amount {
  const { kind = '', name } = comparison;
  if (openSide(subject, comparison) || wideRange(subject, comparison)) return 'many';
  if (NEGATED.has(kind) || (kind === 'AEXPR_IN' && texts(name).at(-1) === '<>')) return 'many';
  return isJoin({ A_Expr: comparison }) && isFed(subject) ? 'many' : 'some';
}

/** Parts with open ends that together name a range of a key, which is taken to be narrow unless its numbers say otherwise. */
function isClosed(subject: Writing, all: Node[]): boolean {
  const sides = all.flatMap((part) => ('A_Expr' in part && openSide(subject, part.A_Expr)) || []);
  return sides.some(
    ({ column, bound, value: from }) =>
      bound === 'lower' &&
      sides.some(
        (other) =>
          other.column === column &&
          other.bound === 'upper' &&
          (from === undefined || other.value === undefined || isNarrow(subject, from, other.value)),
      ),
  );
}

function ofAll(subject: Writing, all: Node[]): Amount {
  const amounts = all.map((part) => amountOf(subject, part));
  if (amounts.includes('none')) return 'none';
  if (amounts.every((amount) => amount === 'all')) return 'all';
  return amounts.includes('some') || isClosed(subject, all) ? 'some' : 'many';
}

function ofDenied(subject: Writing, denied: Node): Amount {
  if ('NullTest' in denied) {
    const nulltesttype = denied.NullTest.nulltesttype === 'IS_NULL' ? 'IS_NOT_NULL' : 'IS_NULL';
    return amountOf(subject, { NullTest: { ...denied.NullTest, nulltesttype } });
  }
  // who has no like in another table is looked for because there are few
  return 'SubLink' in denied ? 'some' : OPPOSITE[amountOf(subject, denied)];
}

/** By the statistics where there are any, else by how conditions of the kind are meant. */
export function amountOf(subject: Writing, condition: Node): Amount {
  if (isAlways(subject, condition)) return 'all';
  if (truthOf(condition) === false) return 'none';
  if ('NullTest' in condition) return leavesMany(subject, condition.NullTest) ? 'many' : 'some';
  if ('SubLink' in condition) return isWide(condition.SubLink) ? 'many' : 'some';
  if ('A_Expr' in condition) return ofComparison(subject, condition.A_Expr);
  if (!('BoolExpr' in condition)) return 'some';
  const { boolop, args = [] } = condition.BoolExpr;
  if (boolop === 'AND_EXPR') return ofAll(subject, parts(condition));
  if (boolop === 'NOT_EXPR') return args[0] ? ofDenied(subject, args[0]) : 'some';
  const amounts = args.map((arg) => amountOf(subject, arg));
  return (['all', 'many', 'some'] as const).find((amount) => amounts.includes(amount)) ?? 'none';
}
