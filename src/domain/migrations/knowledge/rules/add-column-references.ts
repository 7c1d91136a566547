import type { AlterTableCmd } from 'libpg-query';
import { ident, made } from '../../names';
import { asColumn, inline } from '../../syntax';
import { inlineParents } from '../keys';
import { bare, on, own, rule } from '../rule';
import { addsColumn, sqlName, typeText, validatesLater } from '../wording';

export const addColumnReferences = rule<AlterTableCmd>({
  id: 'add-column-references',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … DEFAULT … REFERENCES',
  matches: ({ node }) =>
    inline(asColumn(node.def), 'CONSTR_FOREIGN').length > 0 &&
    inline(asColumn(node.def), 'CONSTR_DEFAULT').length > 0,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')(s),
      ...on('SHARE ROW EXCLUSIVE', inlineParents(s.catalog, asColumn(s.node.def))),
    ],
    scan: true,
    breaks: 'conditional',
  },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) => `looking up the default of ${name} for every row of ${relation}`,
  remedy: ({ relation, name, node }) => {
    const key = made(bare(relation), name, 'fkey');
    return [
      addsColumn(relation, name, `${typeText(asColumn(node.def)?.typeName)} DEFAULT <…>`),
      `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${ident(key)} FOREIGN KEY (${ident(name)}) REFERENCES <…> NOT VALID;`,
      ...validatesLater(relation, key),
    ];
  },
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN buyer int DEFAULT 1 REFERENCES customers' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN buyer int DEFAULT 1' },
});
