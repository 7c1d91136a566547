import type { Node } from 'libpg-query';
import type { Table } from './catalog';
import { parseExpression } from './parse';
import { texts } from './syntax';

/** Whether an expression that holds says that the column is not null: directly, or as one part of an AND. */
function says(expression: Node | undefined, column: string): boolean {
  if (expression === undefined) return false;
  if ('BoolExpr' in expression && expression.BoolExpr.boolop === 'NOT_EXPR') {
    const [denied] = expression.BoolExpr.args ?? [];
    return denied !== undefined && 'NullTest' in denied && isTest(denied, 'IS_NULL', column);
  }
  if ('BoolExpr' in expression) {
    return (
      expression.BoolExpr.boolop === 'AND_EXPR' &&
      (expression.BoolExpr.args ?? []).some((arg) => says(arg, column))
    );
  }
  return isTest(expression, 'IS_NOT_NULL', column);
}

function isTest(expression: Node, test: 'IS_NULL' | 'IS_NOT_NULL', column: string): boolean {
  if (!('NullTest' in expression) || expression.NullTest.nulltesttype !== test) return false;
  const { arg } = expression.NullTest;
  return arg !== undefined && 'ColumnRef' in arg && texts(arg.ColumnRef.fields).at(-1) === column;
}

/**
 * Whether PostgreSQL may believe that a column holds no NULL without reading the table: a validated CHECK says it.
 * `CHECK (n > 0)` does not, since it is also satisfied by NULL.
 */
export const provesNotNull = (table: Table, column: string): boolean =>
  table.constraints.some(({ kind, validated, expression, columns }) => {
    if (!validated) return false;
    if (kind === 'not-null') return columns.includes(column);
    return (
      kind === 'check' &&
      says(typeof expression === 'string' ? parseExpression(expression) : expression, column)
    );
  });
