import type { AlterTableCmd } from 'libpg-query';
import { viewsOf } from '../columns';
import { own, rule } from '../rule';

export const changeTypeUnderView = rule<AlterTableCmd>({
  id: 'change-type-under-view',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE of a column that a view reads',
  matches: (s) => viewsOf(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `changing the type of ${s.name} of ${s.relation} under ${viewsOf(s).join(', ')}`,
  remedy: (s) => `in one transaction: DROP VIEW ${viewsOf(s).join(', ')}, change the type, create it again`,
  unsafe: { sql: 'ALTER TABLE customers ALTER COLUMN name TYPE text' },
  safe: {
    sql: 'DROP VIEW customer_names; ALTER TABLE customers ALTER COLUMN name TYPE text; CREATE VIEW customer_names AS SELECT id, name FROM customers; GRANT SELECT ON customer_names TO app',
  },
});
