import type { AlterTableCmd, Node } from 'libpg-query';
import type { Column } from '../catalog';
import { asConstraint, columnsIn, texts } from '../syntax';
import type { Subject } from './rule';

/** The live version cannot know it, or as far as can be seen has never given it a value; and nothing else does. */
const unwritten = ({ created, nullShare, hasDefault }: Column) =>
  !hasDefault && (created === true || nullShare === 1);

/** Columns without which an expression is false: the one that must not be NULL, or each of those of which one must not. */
function demanded(expression: Node | undefined, empty: ReadonlySet<string>): string[] {
  if (expression === undefined) return [];
  if ('NullTest' in expression && expression.NullTest.nulltesttype === 'IS_NOT_NULL')
    return columnsIn({ arg: expression.NullTest.arg }).filter((column) => empty.has(column));
  if (!('BoolExpr' in expression)) return [];
  const parts = (expression.BoolExpr.args ?? []).map((part) => demanded(part, empty));
  if (expression.BoolExpr.boolop === 'AND_EXPR') return parts.find((columns) => columns.length > 0) ?? [];
  const all = expression.BoolExpr.boolop === 'OR_EXPR' && parts.every((columns) => columns.length > 0);
  return all ? parts.flat() : [];
}

/** Columns that are demanded from now on although the live version does not write them. */
export function requiredUnwritten({ node, table }: Subject<AlterTableCmd>): string[] {
  // what a trigger fills in nobody can see, but of a column that came behind it
  const open = (table?.columns ?? []).filter(({ unfilled }) => unfilled || !table?.filled);
  const empty = new Set(open.filter(unwritten).map(({ name }) => name));
  if (node.subtype === 'AT_SetNotNull') return node.name && empty.has(node.name) ? [node.name] : [];
  const { contype, raw_expr: expression, keys } = asConstraint(node.def) ?? {};
  if (contype === 'CONSTR_CHECK') return demanded(expression, empty);
  const notNull = contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY';
  return notNull ? texts(keys).filter((column) => empty.has(column)) : [];
}
