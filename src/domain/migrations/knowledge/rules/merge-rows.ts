import type { MergeStmt } from 'libpg-query';
import { rule } from '../rule';
import { matchedCommands, writesManyRows } from '../where';
import { deletesInBatches } from '../wording';

export const mergeRows = rule<MergeStmt>({
  id: 'merge-rows',
  on: ['MergeStmt'],
  condition: 'MERGE that deletes what matches',
  matches: ({ node }) => matchedCommands(node).includes('CMD_DELETE'),
  effect: { ...writesManyRows, losesData: true },
  says: ({ relation }) => `deleting each row of ${relation} that matches`,
  because: () => 'the live version finds no rows',
  remedy: ({ relation }) => deletesInBatches(relation),
  unsafe: {
    sql: 'MERGE INTO items USING (SELECT generate_series(1, 100) AS n) AS s ON items.quantity = s.n WHEN MATCHED THEN DELETE',
  },
  safe: { sql: 'DELETE FROM items WHERE id = 0' },
});
