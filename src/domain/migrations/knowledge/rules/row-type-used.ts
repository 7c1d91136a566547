import type { AlterTableCmd } from 'libpg-query';
import { rowTypeUsers, touchesStoredRows } from '../columns';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const rowTypeUsed = rule<AlterTableCmd>({
  id: 'row-type-used',
  on: ['AT_AddColumn', 'AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod', 'AT_SetExpression'],
  condition:
    "ADD COLUMN with a value for old rows, SET UNLOGGED and what else writes a table anew whose rows are the type of another table's column",
  matches: (s) => touchesStoredRows(s) && rowTypeUsers(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `writing rows of ${s.relation}, which are values in ${rowTypeUsers(s).join(', ')},`,
  remedy: ({ relation, name, form }) =>
    form !== 'AT_AddColumn'
      ? `a column of another type in the place of the rows of ${sqlName(relation)}`
      : `ALTER TABLE ${sqlName(relation)} ADD COLUMN ${sqlName(name)} without the default; then ALTER COLUMN … SET DEFAULT in a statement of its own`,
  unsafe: { sql: 'ALTER TABLE shapes ADD COLUMN level int DEFAULT 1' },
  safe: { sql: 'ALTER TABLE shapes ADD COLUMN level int' },
});
