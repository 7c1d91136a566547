import type { UpdateStmt } from 'libpg-query';
import { rule } from '../rule';
import { emptiedColumns, leavesAllRows, writesManyRows } from '../where';
import { updatesInBatches } from '../wording';

export const updateAll = rule<UpdateStmt>({
  id: 'update-all',
  on: ['UpdateStmt'],
  condition: 'UPDATE without WHERE, or with one that every row satisfies',
  matches: (s) => leavesAllRows(s) && emptiedColumns(s).length === 0,
  effect: writesManyRows,
  says: ({ relation }) => `writing every row of ${relation} in one transaction`,
  remedy: ({ relation }) => updatesInBatches(relation),
  unsafe: { sql: "UPDATE items SET label = 'x'" },
  safe: { sql: "UPDATE items SET label = 'x' WHERE id BETWEEN 1 AND 5" },
});
