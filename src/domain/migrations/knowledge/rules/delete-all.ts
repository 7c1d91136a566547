import type { DeleteStmt } from 'libpg-query';
import { own, rule } from '../rule';

export const deleteAll = rule<DeleteStmt>({
  id: 'delete-all',
  on: ['DeleteStmt'],
  condition: 'DELETE without WHERE',
  matches: ({ node }) => node.whereClause === undefined,
  effect: {
    locks: own('ROW EXCLUSIVE'),
    scan: true,
    slow: true,
    locksRows: true,
    reversible: false,
    losesData: true,
  },
  says: ({ relation }) => `deleting every row of ${relation}`,
  because: () => 'it finds no rows',
  remedy: ({ relation }) => `DELETE FROM ${relation} WHERE … in batches, for the rows that nobody needs`,
  unsafe: { sql: 'DELETE FROM items' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
