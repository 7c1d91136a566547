import type { AlterTableCmd } from 'libpg-query';
import { asColumn } from '../../syntax';
import { inlineParents } from '../keys';
import { always, on, own, rule } from '../rule';

export const addColumn = rule<AlterTableCmd>({
  id: 'add-column',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN that may be NULL or has a constant default',
  matches: always,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')(s),
      ...on('SHARE ROW EXCLUSIVE', inlineParents(s.catalog, asColumn(s.node.def))),
    ],
    breaks: 'conditional',
  },
  says: ({ name, relation }) => `adding ${name} to ${relation}`,
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  safe: { sql: "ALTER TABLE items ADD COLUMN colour text NOT NULL DEFAULT 'red'" },
});
