import type { DeleteStmt } from 'libpg-query';
import { rule } from '../rule';
import { isJoined, leavesManyRows, writesManyRows } from '../where';
import { deletesInBatches } from '../wording';

export const deleteManyRows = rule<DeleteStmt>({
  id: 'delete-many-rows',
  on: ['DeleteStmt'],
  condition:
    'DELETE whose WHERE has an open end, asks for NULLs only, leaves out some rows, takes those another table has, or names a value that many rows have or, uncounted, may have: of a boolean, an enum, a list',
  matches: (s) => leavesManyRows(s) && !isJoined(s),
  effect: { ...writesManyRows, losesData: true },
  says: ({ relation }) => `deleting as many rows of ${relation} as the condition leaves, in one transaction,`,
  because: () => 'the live version does not find them',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: { sql: 'DELETE FROM items WHERE quantity > 0' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
