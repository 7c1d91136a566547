import type { AlterTableCmd, CreateStmt, IndexStmt, Node } from 'libpg-query';
import { asColumn, asConstraint, inline, some, texts } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

const SUMS = new Set(
  'count sum avg min max bool_and bool_or every string_agg array_agg json_agg jsonb_agg stddev variance'.split(
    ' ',
  ),
);

/** What PostgreSQL computes for one row alone, with the words for it. */
function expressions({ form, node }: Subject): { of: string; expression?: Node | Node[] }[] {
  const { def, tableElts = [], indexParams, whereClause } = node as AlterTableCmd & CreateStmt & IndexStmt;
  if (form === 'IndexStmt')
    return [{ of: 'an index', expression: [...(indexParams ?? []), ...(whereClause ? [whereClause] : [])] }];
  if (form === 'AT_ColumnDefault') return [{ of: 'a default', expression: def }];
  return [...tableElts, ...(def ? [def] : [])].flatMap((element) => {
    const column = asColumn(element);
    const checks = [asConstraint(element), ...inline(column, 'CONSTR_CHECK')];
    return [
      ...checks.map((one) => ({ of: 'a check', expression: one?.raw_expr })),
      ...inline(column, 'CONSTR_DEFAULT').map(({ raw_expr }) => ({ of: 'a default', expression: raw_expr })),
      ...inline(column, 'CONSTR_GENERATED').map(({ raw_expr }) => ({
        of: 'a computed column',
        expression: raw_expr,
      })),
    ];
  });
}

const isSum = (tag: string, node: Record<string, unknown>) =>
  tag === 'FuncCall' &&
  (node.agg_star === true || node.over !== undefined || SUMS.has(texts(node.funcname as Node[]).join('.')));

/** What an expression has that PostgreSQL lets stand in none of its kind. Source: parse_expr.c and parse_agg.c. */
function unfit(subject: Subject): string | undefined {
  for (const { of, expression } of expressions(subject)) {
    if (expression === undefined) continue;
    const has = (test: (tag: string, node: Record<string, unknown>) => boolean) =>
      some({ expression }, (tag, node) => test(tag, node as Record<string, unknown>));
    if (has((tag) => tag === 'SubLink')) return `a query in ${of}`;
    if (has(isSum)) return `a sum of rows in ${of}`;
    if (of === 'a default' && has((tag) => tag === 'ColumnRef')) return 'another column in a default';
  }
  return undefined;
}

export const expressionUnfit = rule({
  id: 'expression-unfit',
  on: ['AT_AddConstraint', 'AT_AddColumn', 'AT_ColumnDefault', 'CreateStmt', 'IndexStmt'],
  condition:
    'a query or a sum of rows in a CHECK, a DEFAULT, a computed column or an index, another column in a DEFAULT',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `writing ${unfit(s)} of ${s.relation}, where only the row itself can stand,`,
  remedy: () => ['Let a trigger look at other rows or columns, or a foreign key.'],
  unsafe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_known CHECK (order_id IN (SELECT id FROM orders)) NOT VALID',
  },
  safe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_known FOREIGN KEY (order_id) REFERENCES orders NOT VALID',
  },
});
