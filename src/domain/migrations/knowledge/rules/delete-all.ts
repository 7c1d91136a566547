import type { DeleteStmt } from 'libpg-query';
import { rule } from '../rule';
import { isJoined, leavesAllRows, writesManyRows } from '../where';
import { deletesInBatches } from '../wording';

export const deleteAll = rule<DeleteStmt>({
  id: 'delete-all',
  on: ['DeleteStmt'],
  condition: 'DELETE without WHERE, with one that every row satisfies, or of what another table has',
  matches: (s) => leavesAllRows(s) || isJoined(s),
  effect: { ...writesManyRows, losesData: true },
  says: (s) => `deleting every row of ${s.relation}${isJoined(s) ? ' that finds its like' : ''}`,
  because: () => 'the live version finds no rows',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: { sql: 'DELETE FROM items' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
