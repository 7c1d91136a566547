import type { AlterTableCmd } from 'libpg-query';
import { columnUsersOf, isHeld, isPartitionKey, viewsOf } from '../columns';
import { own, rule } from '../rule';
import { oneLine, sqlName, tableBeside } from '../wording';

export const changeTypeHeld = rule<AlterTableCmd>({
  id: 'change-type-held',
  on: ['AT_AlterColumnType'],
  condition:
    "ALTER COLUMN TYPE of a column that a view, generated column, trigger, policy, rule, function's body or publication uses, that decides about partitions, or whose table's rows are the type of another column",
  matches: isHeld,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `changing the type of ${s.name} of ${s.relation} under ${columnUsersOf(s).join(', ')}`,
  remedy: (s) => {
    if (isPartitionKey(s)) return [tableBeside(s.relation, 'another key')];
    const views = viewsOf(s);
    return [
      'Run all of it in one transaction.',
      ...(views.length > 0
        ? [`DROP VIEW ${views.map(sqlName).join(', ')};`]
        : [`Drop ${columnUsersOf(s).join(', ')}.`]),
      `${oneLine(s.statement)};`,
      'Create again what was dropped, and grant its rights again.',
    ];
  },
  unsafe: { sql: 'ALTER TABLE customers ALTER COLUMN name TYPE text' },
  safe: {
    sql: 'DROP VIEW customer_names; ALTER TABLE customers ALTER COLUMN name TYPE text; CREATE VIEW customer_names AS SELECT id, name FROM customers; GRANT ALL ON customer_names TO app',
  },
});
