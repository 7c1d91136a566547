import type { DeleteStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { isJoined, leavesAllRows } from '../where';
import { deletesInBatches } from '../wording';

export const deleteAll = rule<DeleteStmt>({
  id: 'delete-all',
  on: ['DeleteStmt'],
  condition: 'DELETE without WHERE, with one that every row satisfies, or of what another table has',
  matches: (s) => leavesAllRows(s) || isJoined(s),
  effect: {
    locks: own('ROW EXCLUSIVE'),
    scan: true,
    slow: true,
    locksRows: true,
    reversible: false,
    losesData: true,
  },
  says: (s) => `deleting every row of ${s.relation}${isJoined(s) ? ' that finds its like' : ''}`,
  because: () => 'the live version finds no rows',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: { sql: 'DELETE FROM items' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
