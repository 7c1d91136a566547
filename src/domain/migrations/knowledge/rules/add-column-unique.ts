import type { AlterTableCmd } from 'libpg-query';
import { made } from '../../names';
import { asColumn, inline } from '../../syntax';
import { bare, own, rule } from '../rule';
import { addsColumn, keyByIndex, typeText } from '../wording';

export const addColumnUnique = rule<AlterTableCmd>({
  id: 'add-column-unique',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … UNIQUE or PRIMARY KEY written behind the column',
  matches: ({ node }) => inline(asColumn(node.def), 'CONSTR_UNIQUE', 'CONSTR_PRIMARY').length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) => `building the index of the new ${name} on ${relation}`,
  remedy: ({ relation, name, node }) => [
    addsColumn(relation, name, typeText(asColumn(node.def)?.typeName)),
    ...keyByIndex(relation, made(bare(relation), name, 'key'), 'UNIQUE', [name]),
  ],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN barcode text UNIQUE' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN barcode text' },
});
