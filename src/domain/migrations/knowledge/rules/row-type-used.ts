import type { AlterTableCmd } from 'libpg-query';
import { rowTypeUsers, touchesStoredRows } from '../columns';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const rowTypeUsed = rule<AlterTableCmd>({
  id: 'row-type-used',
  on: ['AT_AddColumn'],
  condition:
    "ADD COLUMN with a value for old rows, of a table whose rows are the type of another table's column",
  matches: (s) => touchesStoredRows(s) && rowTypeUsers(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) =>
    `adding ${s.name} with a default to ${s.relation}, whose rows are values in ${rowTypeUsers(s).join(', ')},`,
  remedy: ({ relation, name }) =>
    `ALTER TABLE ${sqlName(relation)} ADD COLUMN ${sqlName(name)} without the default; then ALTER COLUMN … SET DEFAULT in a statement of its own`,
  unsafe: { sql: 'ALTER TABLE shapes ADD COLUMN level int DEFAULT 1' },
  safe: { sql: 'ALTER TABLE shapes ADD COLUMN level int' },
});
