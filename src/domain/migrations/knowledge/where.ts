import type { A_Expr, Node, NullTest } from 'libpg-query';
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

/** Numbers of a key begin at one, so that at most n rows lie up to n. */
function few({ table }: Subject, column: string, end: Node | undefined): boolean {
  const key = table?.indexes.some(({ unique, columns }) => unique && columns.join() === column);
  const n = end && 'A_Const' in end ? (end.A_Const as { ival?: { ival?: number } }).ival?.ival : undefined;
  return key === true && n !== undefined && n < (table?.rows ?? 0) * MANY;
}

/** One side of a comparison is open: how many rows lie there nobody knows. */
function openSide(subject: Subject, comparison: A_Expr): [column: string, bound: string] | undefined {
  const bound = BOUNDS.get(texts(comparison.name).at(-1) ?? '');
  const [column] = columnsIn({ left: comparison.lexpr });
  if (comparison.kind !== 'AEXPR_OP' || !bound || column === undefined) return undefined;
  return bound === 'upper' && few(subject, column, comparison.rexpr) ? undefined : [column, bound];
}

/**
 * Whether a WHERE may leave so many rows that they are locked for as long as the table is big: it only asks for NULLs, or
 * compares with an open end, which both are how a backfill and a clean-up of old rows are written. Anything else, such as
 * an equality, a list or a range with two ends, is taken to be about some rows; that can be wrong for a column with few
 * values.
 */
export function leavesManyRows(subject: Subject<{ whereClause?: Node }>): boolean {
  const { whereClause } = subject.node;
  if (whereClause === undefined) return false;
  const sides: [string, string][] = [];
  const all = parts(whereClause).every((part) => {
    if ('NullTest' in part) return leavesMany(subject, part.NullTest);
    const side = 'A_Expr' in part ? openSide(subject, part.A_Expr) : undefined;
    if (side) sides.push(side);
    return side !== undefined;
  });
  const closed = sides.some(
    ([column, bound]) =>
      bound === 'lower' && sides.some(([other, end]) => other === column && end === 'upper'),
  );
  return all && !closed;
}
