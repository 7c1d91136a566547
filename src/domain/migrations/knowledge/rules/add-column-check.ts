import type { AlterTableCmd } from 'libpg-query';
import { made } from '../../names';
import { asColumn, inline } from '../../syntax';
import { bare, own, rule } from '../rule';
import { addsColumn, checksLater, typeText } from '../wording';

export const addColumnCheck = rule<AlterTableCmd>({
  id: 'add-column-check',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … CHECK written behind the column',
  matches: ({ node }) => inline(asColumn(node.def), 'CONSTR_CHECK').length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `checking every row of ${relation} for the new ${name}`,
  because: () => 'its writes fail where they do not fit the new rule',
  remedy: ({ relation, name, node }) => [
    addsColumn(relation, name, typeText(asColumn(node.def)?.typeName)),
    ...checksLater(relation, made(bare(relation), name, 'check')),
  ],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN stock int CHECK (stock >= 0)' },
  safe: {
    sql: 'ALTER TABLE items ADD COLUMN stock int; ALTER TABLE items ADD CONSTRAINT items_stock_check CHECK (stock >= 0) NOT VALID',
  },
});
