import type { AlterTableCmd } from 'libpg-query';
import { holdersOf, isHeld, isPartitionKey, viewsOf } from '../columns';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const changeTypeHeld = rule<AlterTableCmd>({
  id: 'change-type-held',
  on: ['AT_AlterColumnType'],
  condition:
    "ALTER COLUMN TYPE of a column that a view, generated column, trigger, policy, rule, function's body or publication uses, that decides about partitions, or whose table's rows are the type of another column",
  matches: isHeld,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `changing the type of ${s.name} of ${s.relation} under ${holdersOf(s).join(', ')}`,
  remedy: (s) => {
    if (isPartitionKey(s))
      return `a new table with another key, filled in batches, that takes the place of ${sqlName(s.relation)}`;
    const views = viewsOf(s).map(sqlName);
    const drop = views.length > 0 ? `DROP VIEW ${views.join(', ')}` : `drop ${holdersOf(s).join(', ')}`;
    return `in one transaction: ${drop}, change the type, create it again`;
  },
  unsafe: { sql: 'ALTER TABLE customers ALTER COLUMN name TYPE text' },
  safe: {
    sql: 'DROP VIEW customer_names; ALTER TABLE customers ALTER COLUMN name TYPE text; CREATE VIEW customer_names AS SELECT id, name FROM customers; GRANT SELECT ON customer_names TO app',
  },
});
