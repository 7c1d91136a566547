import type { TruncateStmt } from 'libpg-query';
import { descendants } from '../keys';
import { always, on, own, rule } from '../rule';
import { deletesInBatches } from '../wording';

export const truncate = rule<TruncateStmt>({
  id: 'truncate',
  on: ['TruncateStmt'],
  condition: 'TRUNCATE',
  matches: always,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', s.node.behavior === 'DROP_CASCADE' ? descendants(s) : []),
    ],
    rewrite: true,
    reversible: false,
    losesData: true,
  },
  says: ({ relation, node }) =>
    `emptying ${relation}${node.behavior === 'DROP_CASCADE' ? ' and all that refers to it' : ''}`,
  because: () => 'the live version finds no rows',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: { sql: 'TRUNCATE items' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
