import type { AlterTableCmd } from 'libpg-query';
import { holdsVirtual } from '../columns';
import { noLocks, rule } from '../rule';

export const setExpressionChecked = rule<AlterTableCmd>({
  id: 'set-expression-checked',
  on: ['AT_SetExpression'],
  condition:
    'ALTER COLUMN … SET EXPRESSION of a virtual column (18) of a table that has a CHECK or is published',
  matches: holdsVirtual,
  effect: { locks: noLocks, fails: true },
  says: ({ name, relation }) =>
    `changing the expression of virtual column ${name} of ${relation}, which has a CHECK or is published,`,
  remedy: () => ['Add a column with the other expression, and use it in the next release.'],
  unsafe: {
    sql: 'ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (total * 2) VIRTUAL; ALTER TABLE orders ALTER COLUMN twice SET EXPRESSION AS (total * 3)',
  },
  safe: { sql: 'ALTER TABLE orders ADD COLUMN thrice int GENERATED ALWAYS AS (total * 3) VIRTUAL' },
});
