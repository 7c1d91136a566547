import type { BooleanTest, Node, NullTest, RangeVar, SelectStmt, SubLink } from 'libpg-query';
import { resolve } from '../catalog';
import { columnsIn, some, texts } from '../syntax';
import {
  type Amount,
  amountBetween,
  amountFrom,
  amountWith,
  amountWithout,
  integer,
  joined,
  ofComparison,
  openSide,
  pointsIn,
  type Writing,
} from './comparison';
import { isKey } from './values';

/** The parts of a condition that must all be true. */
export const parts = (where: Node): Node[] =>
  'BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR'
    ? (where.BoolExpr.args ?? []).flatMap(parts)
    : [where];

/** By the statistics; where there are none, NULLs are taken to be many, since somebody looks for them. */
function ofNullTest({ table }: Writing, { arg, nulltesttype }: NullTest): Amount {
  const [name] = columnsIn({ arg });
  const { nullShare, nullable } = table?.columns.find((column) => column.name === name) ?? {};
  if (nulltesttype === 'IS_NULL' && nullable === false && arg && 'ColumnRef' in arg) return 'none';
  return amountFrom(nulltesttype === 'IS_NULL' ? (nullShare ?? 1) : 1 - (nullShare ?? 0));
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
function isAlways(subject: Writing, part: Node): boolean {
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
  const isWhole = column !== undefined && isKey(subject.table, column) && right !== undefined;
  return isWhole && ((operator === '>' && right <= 0) || (operator === '>=' && right <= 1));
}

const T: Node = { A_Const: { boolval: { boolval: true } } };
const F: Node = { A_Const: { boolval: { boolval: false } } };

function ofBooleanTest(subject: Writing, { arg, booltesttype }: BooleanTest): Amount {
  if (!arg) return 'unknown';
  if (booltesttype === 'IS_UNKNOWN') return ofNullTest(subject, { arg, nulltesttype: 'IS_NULL' });
  if (booltesttype === 'IS_NOT_UNKNOWN') return ofNullTest(subject, { arg, nulltesttype: 'IS_NOT_NULL' });
  if (!('ColumnRef' in arg)) return booltesttype === 'IS_TRUE' ? amountOf(subject, arg) : 'many';
  if (booltesttype === 'IS_TRUE' || booltesttype === 'IS_FALSE')
    return amountWith(subject, arg, [booltesttype === 'IS_TRUE' ? T : F]);
  // NULLs are neither
  const without = amountWithout(subject, arg, [booltesttype === 'IS_NOT_TRUE' ? T : F]);
  return without === 'many' ? 'many' : ofNullTest(subject, { arg, nulltesttype: 'IS_NULL' });
}

type Query = { ctequery?: Node; ctename?: string };

/** A query that the statement itself has given the name. */
function named({ statement, node }: Writing, { schemaname, relname }: RangeVar): Node | undefined {
  if (schemaname !== undefined) return undefined;
  const clauses = [statement.node, node] as { withClause?: { ctes?: Node[] } }[];
  return clauses
    .flatMap(({ withClause }) => withClause?.ctes ?? [])
    .map((cte): Query => ('CommonTableExpr' in cte ? cte.CommonTableExpr : {}))
    .find(({ ctename }) => ctename === relname)?.ctequery;
}

/** How many rows a query finds, as far as one table decides it. */
function ofQuery(subject: Writing, select: SelectStmt): Amount {
  const { fromClause = [], targetList, whereClause, limitCount, groupClause, havingClause } = select;
  if (limitCount || groupClause || havingClause) return 'some';
  const [source, ...rest] = joined(fromClause);
  // a function may give any number of rows
  if (!source) return some({ targetList }, (tag) => tag === 'FuncCall') ? 'unknown' : 'some';
  const range = 'RangeVar' in source ? source.RangeVar : undefined;
  const query = range ? named(subject, range) : 'RangeSubselect' in source && source.RangeSubselect.subquery;
  if (query) return 'SelectStmt' in query ? ofQuery(subject, query.SelectStmt) : 'unknown';
  if (!range) return 'unknown';
  const { catalog } = subject;
  const relation = resolve(catalog, range, catalog.tables);
  const inner: Writing = {
    ...subject,
    ...{ relation, table: catalog.tables.get(relation), inner: true },
    node: { relation: range, fromClause: rest, ...(whereClause && { whereClause }) },
  };
  return whereClause === undefined ? 'all' : amountOf(inner, whereClause);
}

/** What has its like among the rows of a query. */
function ofSubquery(subject: Writing, { subselect }: SubLink): Amount {
  if (!subselect || !('SelectStmt' in subselect)) return 'unknown';
  const amount = ofQuery(subject, subselect.SelectStmt);
  return amount === 'all' ? 'many' : amount;
}

const OPPOSITE: Record<Amount, Amount> = {
  none: 'all',
  some: 'many',
  unknown: 'many',
  many: 'many',
  all: 'none',
};

/** Parts with open ends that together name a range. */
function ofRange(subject: Writing, all: Node[]): Amount {
  const sides = all.flatMap((part) => ('A_Expr' in part && openSide(subject, part.A_Expr)) || []);
  const ranges = sides
    .filter(({ bound }) => bound === 'lower')
    .flatMap(({ column, value: from }) =>
      sides
        .filter((side) => side.bound === 'upper' && side.column === column)
        .map((side) => amountBetween(subject, column, from, side.value)),
    );
  return leastOf(ranges) ?? 'many';
}

const ORDER: readonly Amount[] = ['none', 'some', 'unknown', 'many', 'all'];
const leastOf = (amounts: readonly Amount[]) => ORDER.find((amount) => amounts.includes(amount));
const mostOf = (amounts: readonly Amount[]) => ORDER.findLast((amount) => amounts.includes(amount));

/** A key of several columns, each of which a part compares with values. */
function namesRow({ table }: Writing, all: Node[]): boolean {
  const points = all.flatMap(pointsIn);
  return (
    table?.indexes.some(
      ({ unique, valid, computed, columns }) =>
        unique && valid && !computed && columns.every((column) => points.includes(column)),
    ) === true
  );
}

function ofAll(subject: Writing, all: Node[]): Amount {
  const amounts = all.map((part) => amountOf(subject, part));
  const least = leastOf(amounts) ?? 'all';
  if (least === 'none' || least === 'all') return least;
  if (namesRow(subject, all)) return 'some';
  return leastOf([least, ofRange(subject, all)])!;
}

function ofDenied(subject: Writing, denied: Node): Amount {
  if ('NullTest' in denied) {
    const nulltesttype = denied.NullTest.nulltesttype === 'IS_NULL' ? 'IS_NOT_NULL' : 'IS_NULL';
    return amountOf(subject, { NullTest: { ...denied.NullTest, nulltesttype } });
  }
  if ('ColumnRef' in denied) return amountWith(subject, denied, [F]);
  // who has no like in another table is looked for because there are few
  return 'SubLink' in denied ? 'some' : OPPOSITE[amountOf(subject, denied)];
}

/** By the statistics where there are any, else by how conditions of the kind are meant. */
export function amountOf(subject: Writing, condition: Node): Amount {
  if (isAlways(subject, condition)) return 'all';
  if (truthOf(condition) === false) return 'none';
  if ('NullTest' in condition) return ofNullTest(subject, condition.NullTest);
  if ('SubLink' in condition) return ofSubquery(subject, condition.SubLink);
  if ('A_Expr' in condition) return ofComparison(subject, condition.A_Expr);
  if ('ColumnRef' in condition) return amountWith(subject, condition, [T]);
  if ('BooleanTest' in condition) return ofBooleanTest(subject, condition.BooleanTest);
  if (!('BoolExpr' in condition)) return 'unknown';
  const { boolop, args = [] } = condition.BoolExpr;
  if (boolop === 'AND_EXPR') return ofAll(subject, parts(condition));
  if (boolop === 'NOT_EXPR') return args[0] ? ofDenied(subject, args[0]) : 'unknown';
  return mostOf(args.map((arg) => amountOf(subject, arg))) ?? 'none';
}
