import type { A_Expr, MergeStmt, Node, NullTest } from 'libpg-query';
import { columnsIn, texts } from '../syntax';
import { type Effect, own, type Subject } from './rule';

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
const parts = (where: Node): Node[] =>
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
const isNarrow = ({ table }: Subject, from: number, to: number): boolean =>
  to - from < (table?.rows === undefined ? WIDE : table.rows * MANY);

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

/** A part that every row satisfies: true, 1 = 1, a key that is more than nothing, a column that cannot be NULL. */
function isAlways(subject: Subject, part: Node): boolean {
  if ('A_Const' in part)
    return (part.A_Const as { boolval?: { boolval?: boolean } }).boolval?.boolval === true;
  if ('NullTest' in part) {
    const [name] = columnsIn({ arg: part.NullTest.arg });
    const known = subject.table?.columns.find((column) => column.name === name);
    return part.NullTest.nulltesttype === 'IS_NOT_NULL' && known?.nullable === false;
  }
  if (!('A_Expr' in part) || part.A_Expr.kind !== 'AEXPR_OP') return false;
  const { lexpr, rexpr, name } = part.A_Expr;
  const operator = texts(name).at(-1) ?? '';
  const [left, right] = [integer(lexpr), integer(rexpr)];
  if (left !== undefined && right !== undefined) return operator === '=' && left === right;
  const [column] = columnsIn({ lexpr });
  const isWhole = column !== undefined && isKey(subject, column) && right !== undefined;
  return isWhole && ((operator === '>' && right <= 0) || (operator === '>=' && right <= 1));
}

/** A WHERE that leaves every row, or none at all. */
export function leavesAllRows(subject: Subject<{ whereClause?: Node }>): boolean {
  const { whereClause } = subject.node;
  return whereClause === undefined || parts(whereClause).every((part) => isAlways(subject, part));
}

/**
 * Whether a WHERE may leave so many rows that they are locked for as long as the table is big: it only asks for NULLs, or
 * compares with an open end, which both are how a backfill and a clean-up of old rows are written, or names a range of
 * numbers of a key that is a good part of them. Anything else, such as an equality, a list or a range of another column, is
 * taken to be about some rows; that can be wrong for a column with few values.
 */
export function leavesManyRows(subject: Subject<{ whereClause?: Node }>): boolean {
  const { whereClause } = subject.node;
  if (whereClause === undefined || leavesAllRows(subject)) return false;
  const sides: Side[] = [];
  const all = parts(whereClause).every((part) => {
    if (isAlways(subject, part)) return true;
    if ('NullTest' in part) return leavesMany(subject, part.NullTest);
    if (!('A_Expr' in part)) return false;
    const side = openSide(subject, part.A_Expr);
    if (side) sides.push(side);
    return side !== undefined || wideRange(subject, part.A_Expr);
  });
  const closed = sides.some(
    ({ column, bound, value: from }) =>
      bound === 'lower' &&
      sides.some(
        (other) =>
          other.column === column &&
          other.bound === 'upper' &&
          (from === undefined || other.value === undefined || isNarrow(subject, from, other.value)),
      ),
  );
  return all && !closed;
}

/** DELETE … USING whose condition only joins: how many rows find their like nobody knows. */
export const isJoined = ({ node }: Subject<{ usingClause?: Node[]; whereClause?: Node }>): boolean =>
  node.usingClause !== undefined &&
  (node.whereClause === undefined ||
    parts(node.whereClause).every(
      (part) =>
        'A_Expr' in part &&
        columnsIn({ left: part.A_Expr.lexpr }).length > 0 &&
        columnsIn({ right: part.A_Expr.rexpr }).length > 0,
    ));

/** VALUES, written out: few rows. */
const isList = (source: Node | undefined): boolean =>
  source !== undefined &&
  'RangeSubselect' in source &&
  source.RangeSubselect.subquery !== undefined &&
  'SelectStmt' in source.RangeSubselect.subquery &&
  source.RangeSubselect.subquery.SelectStmt.valuesLists !== undefined;

/** What a MERGE does with rows that are there, be they many. */
export const matchedCommands = ({ mergeWhenClauses = [], sourceRelation }: MergeStmt): string[] =>
  isList(sourceRelation)
    ? []
    : mergeWhenClauses.flatMap((node) =>
        'MergeWhenClause' in node && node.MergeWhenClause.matchKind !== 'MERGE_WHEN_NOT_MATCHED_BY_TARGET'
          ? (node.MergeWhenClause.commandType ?? [])
          : [],
      );

/** No index begins with a column that a part of the condition compares, as far as the indexes are known. */
export function readsWhole({ node, table }: Subject<{ whereClause?: Node }>): boolean {
  if (node.whereClause === undefined || !table || table.columns.length === 0) return false;
  const first = new Set(
    table.indexes.filter(({ valid, computed }) => valid && !computed).map(({ columns }) => columns[0]),
  );
  return !parts(node.whereClause).some((part) => columnsIn({ part }).some((column) => first.has(column)));
}

/** A MERGE that looks for many rows and changes none of them. */
export const mergesNothing = ({ node }: Subject<object>): boolean =>
  !isList((node as MergeStmt).sourceRelation) &&
  !matchedCommands(node as MergeStmt).some((command) => command === 'CMD_UPDATE' || command === 'CMD_DELETE');

/** What a statement does that writes more rows than its users can wait for. */
export const writesManyRows = {
  locks: own('ROW EXCLUSIVE'),
  scan: true,
  slow: true,
  locksRows: true,
  reversible: false,
} satisfies Effect;
