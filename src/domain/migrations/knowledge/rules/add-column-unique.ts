import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline } from '../../syntax';
import { bare, own, rule } from '../rule';
import { sqlName, typeText } from '../wording';

export const addColumnUnique = rule<AlterTableCmd>({
  id: 'add-column-unique',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … UNIQUE or PRIMARY KEY written behind the column',
  matches: ({ node }) => inline(asColumn(node.def), 'CONSTR_UNIQUE', 'CONSTR_PRIMARY').length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) => `building the index of the new ${name} on ${relation}`,
  remedy: ({ relation, name, node }) =>
    `ALTER TABLE ${sqlName(relation)} ADD COLUMN ${sqlName(name)} ${typeText(asColumn(node.def)?.typeName)}; CREATE UNIQUE INDEX CONCURRENTLY ${sqlName(`${bare(relation)}_${name}_key`)} ON ${sqlName(relation)} (${sqlName(name)}); ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${sqlName(`${bare(relation)}_${name}_key`)} UNIQUE USING INDEX ${sqlName(`${bare(relation)}_${name}_key`)}`,
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN barcode text UNIQUE' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN barcode text' },
});
