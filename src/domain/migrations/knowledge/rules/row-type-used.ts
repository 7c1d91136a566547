import type { AlterTableCmd } from 'libpg-query';
import { asColumn } from '../../syntax';
import { rowTypeUsers, touchesStoredRows } from '../columns';
import { own, rule } from '../rule';
import { addsColumn, setsDefault, typeText } from '../wording';

export const rowTypeUsed = rule<AlterTableCmd>({
  id: 'row-type-used',
  on: ['AT_AddColumn', 'AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod', 'AT_SetExpression'],
  condition:
    "ADD COLUMN with a value for old rows, SET UNLOGGED and what else writes a table anew whose rows are the type of another table's column",
  matches: (s) => touchesStoredRows(s) && rowTypeUsers(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `writing rows of ${s.relation}, which are values in ${rowTypeUsers(s).join(', ')},`,
  remedy: ({ relation, name, form, node }) =>
    form === 'AT_AddColumn'
      ? [
          addsColumn(relation, name, typeText(asColumn(node.def)?.typeName)),
          setsDefault(relation, name),
          'Then fill the old rows in batches.',
        ]
      : [`Give those columns another type than the rows of ${relation}.`],
  unsafe: { sql: 'ALTER TABLE shapes ADD COLUMN level int DEFAULT 1' },
  safe: { sql: 'ALTER TABLE shapes ADD COLUMN level int' },
});
