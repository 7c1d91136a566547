import type { DeleteStmt } from 'libpg-query';
import { rule } from '../rule';
import { leavesManyRows, writesManyRows } from '../where';
import { deletesInBatches } from '../wording';

export const deleteManyRows = rule<DeleteStmt>({
  id: 'delete-many-rows',
  on: ['DeleteStmt'],
  condition: 'DELETE whose WHERE has an open end or asks for NULLs only, of which there may be many',
  matches: leavesManyRows,
  effect: { ...writesManyRows, losesData: true },
  says: ({ relation }) => `deleting as many rows of ${relation} as the condition leaves, in one transaction,`,
  because: () => 'the live version does not find them',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: { sql: 'DELETE FROM items WHERE quantity > 0' },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
