import type { MergeStmt } from 'libpg-query';
import { rule } from '../rule';
import { matchedCommands, writesManyRows } from '../where';

export const mergeManyRows = rule<MergeStmt>({
  id: 'merge-many-rows',
  on: ['MergeStmt'],
  condition: 'MERGE that updates what matches',
  matches: ({ node }) =>
    matchedCommands(node).includes('CMD_UPDATE') && !matchedCommands(node).includes('CMD_DELETE'),
  effect: writesManyRows,
  says: ({ relation }) => `writing each row of ${relation} that matches, in one transaction,`,
  remedy: () => [
    'Run it for a range of keys at a time, each in a transaction of its own, outside of the migration.',
  ],
  unsafe: {
    sql: "MERGE INTO items USING (SELECT generate_series(1, 100) AS n) AS s ON items.quantity = s.n WHEN MATCHED THEN UPDATE SET label = 'x'",
  },
  safe: { sql: "UPDATE items SET label = 'x' WHERE id BETWEEN 1 AND 5" },
});
