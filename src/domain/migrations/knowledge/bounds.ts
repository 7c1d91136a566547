import type { Node, PartitionBoundSpec } from 'libpg-query';
import type { Table } from '../catalog';
import { parseExpression } from '../parse';
import { texts } from '../syntax';

export type Value = string | number;

/** Of a partition by one column: from (included) to (left out), or the values of a list. */
interface Bounds {
  column: string;
  from?: Value;
  to?: Value;
  values?: Value[];
}

interface Comparison {
  column: string;
  operator: string;
  value: Value;
}

/** A constant's value, whatever it is cast to. */
export function constant(node: Node | undefined): Value | undefined {
  if (!node) return undefined;
  if ('TypeCast' in node) return constant(node.TypeCast.arg);
  if (!('A_Const' in node)) return undefined;
  const { sval, ival, fval } = node.A_Const as {
    sval?: { sval?: string };
    ival?: { ival?: number };
    fval?: { fval?: string };
  };
  if (sval) return sval.sval ?? '';
  if (fval) return Number(fval.fval);
  return ival ? (ival.ival ?? 0) : undefined;
}

/** MINVALUE or MAXVALUE. */
export const isOpen = (node: Node | undefined) =>
  node !== undefined && 'ColumnRef' in node && /^(min|max)value$/.test(texts(node.ColumnRef.fields)[0] ?? '');

/** The bounds that a FOR VALUES says; undefined for those of several columns, of an expression, of a hash, and what is no constant. */
export function boundsOf(
  parent: Table | undefined,
  bound: PartitionBoundSpec | undefined,
): Bounds | undefined {
  const [column, ...others] = parent?.partitionKey ?? [];
  if (column === undefined || others.length > 0 || parent?.partitionExpression || !bound) return undefined;
  if (bound.strategy === 'l') {
    const values = (bound.listdatums ?? []).map(constant);
    return values.some((value) => value === undefined) ? undefined : { column, values: values as Value[] };
  }
  const [lower, upper] = [bound.lowerdatums?.[0], bound.upperdatums?.[0]];
  const [from, to] = [constant(lower), constant(upper)];
  if (
    bound.strategy !== 'r' ||
    (from === undefined && !isOpen(lower)) ||
    (to === undefined && !isOpen(upper))
  )
    return undefined;
  return { column, from, to };
}

/** Smaller than zero where the first comes before the second; undefined where nobody can say without their type. */
export function order(left: Value, right: Value): number | undefined {
  if (left === right) return 0;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const dates = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?$/;
  if (!dates.test(String(left)) || !dates.test(String(right))) return undefined;
  return `${left} 00:00:00`.slice(0, 19) < `${right} 00:00:00`.slice(0, 19) ? -1 : 1;
}

const FLIPPED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '<>': '<>' };

function comparison(node: Node): Comparison | undefined {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const { lexpr, rexpr, name } = node.A_Expr;
  const operator = texts(name).at(-1) ?? '';
  const [left, right] = [constant(lexpr), constant(rexpr)];
  if (right !== undefined && left === undefined)
    return { column: columnOf(lexpr) ?? '', operator, value: right };
  if (left !== undefined && right === undefined)
    return { column: columnOf(rexpr) ?? '', operator: FLIPPED[operator] ?? '', value: left };
  return undefined;
}

/** The column that an operand is, be it as another type; undefined where something is computed of it. */
function columnOf(node: Node | undefined): string | undefined {
  if (node && 'TypeCast' in node) return columnOf(node.TypeCast.arg);
  return node && 'ColumnRef' in node ? texts(node.ColumnRef.fields).at(-1) : undefined;
}

const all = (node: Node, operator: 'AND_EXPR' | 'OR_EXPR'): Node[] =>
  'BoolExpr' in node && node.BoolExpr.boolop === operator
    ? (node.BoolExpr.args ?? []).flatMap((arg) => all(arg, operator))
    : [node];

const says = (node: Node, column: string, test: 'IS_NOT_NULL' | 'IS_NULL') =>
  'NullTest' in node && node.NullTest.nulltesttype === test && columnOf(node.NullTest.arg) === column;

const atLeast = ({ operator, value }: Comparison, from: Value) =>
  ['>', '>=', '='].includes(operator) && (order(value, from) ?? -1) >= 0;
const below = ({ operator, value }: Comparison, to: Value) =>
  (operator === '<' && (order(value, to) ?? 1) <= 0) ||
  (['<=', '='].includes(operator) && (order(value, to) ?? 1) < 0);

/** Values of `column = 'a'`, `column IN ('a', 'b')` and `column = ANY (ARRAY[…])`. */
function listed(node: Node, column: string): Value[] | undefined {
  if (!('A_Expr' in node)) return undefined;
  const { kind, lexpr, rexpr, name } = node.A_Expr;
  if (texts(name).at(-1) !== '=' || columnOf(lexpr) !== column || !rexpr) return undefined;
  const inner = 'TypeCast' in rexpr ? rexpr.TypeCast.arg : rexpr;
  const items =
    kind === 'AEXPR_OP'
      ? [rexpr]
      : inner && 'List' in inner
        ? inner.List.items
        : inner && 'A_ArrayExpr' in inner
          ? inner.A_ArrayExpr.elements
          : undefined;
  const values = items?.map(constant);
  return values?.every((value) => value !== undefined) ? (values as Value[]) : undefined;
}

function checksOf(table: Table): Node[] {
  return table.constraints.flatMap(({ kind, validated, enforced, expression }) => {
    if (kind !== 'check' || !validated || enforced === false) return [];
    const tree = typeof expression === 'string' ? parseExpression(expression) : expression;
    return tree ? all(tree, 'AND_EXPR') : [];
  });
}

/** Whether the validated CHECKs of a table say that each of its rows lies within the bounds. */
export function provesWithin(table: Table, bounds: Bounds | undefined): boolean {
  if (!bounds) return false;
  const { column, from, to, values } = bounds;
  const checks = checksOf(table);
  const known =
    table.columns.find(({ name }) => name === column)?.nullable === false ||
    checks.some((check) => says(check, column, 'IS_NOT_NULL'));
  if (!known) return false;
  if (values)
    return checks.some((check) => listed(check, column)?.every((value) => values.includes(value)) === true);
  const own = checks.flatMap((check) => comparison(check) ?? []).filter((one) => one.column === column);
  return (
    (from === undefined || own.some((one) => atLeast(one, from))) &&
    (to === undefined || own.some((one) => below(one, to)))
  );
}

/** Whether the validated CHECKs of a default partition say that none of its rows lies within the bounds. */
export function provesOutside(table: Table, bounds: Bounds | undefined): boolean {
  if (!bounds) return false;
  const { column, from, to, values } = bounds;
  const outside = (node: Node): boolean => {
    if (says(node, column, 'IS_NULL')) return true;
    if (values) return listed(node, column)?.some((value) => values.includes(value)) === false;
    const one = comparison(node);
    if (one?.column !== column) return false;
    return (from !== undefined && below(one, from)) || (to !== undefined && atLeast({ ...one }, to));
  };
  return checksOf(table).some((check) => all(check, 'OR_EXPR').every(outside));
}
