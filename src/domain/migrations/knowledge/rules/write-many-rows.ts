import type { UpdateStmt } from 'libpg-query';
import { rule } from '../rule';
import { emptiedColumns, leavesManyRows, writesManyRows } from '../where';
import { updatesInBatches } from '../wording';

export const writeManyRows = rule<UpdateStmt>({
  id: 'write-many-rows',
  on: ['UpdateStmt'],
  condition:
    'UPDATE whose WHERE has an open end, asks for NULLs only, leaves out some rows, takes those another table has, or names a value that many rows have or, uncounted, may have: of a boolean, an enum, a list',
  matches: (s) => leavesManyRows(s) && emptiedColumns(s).length === 0,
  effect: writesManyRows,
  says: ({ relation }) => `writing as many rows of ${relation} as the condition leaves, in one transaction,`,
  remedy: ({ relation }) => updatesInBatches(relation),
  unsafe: { sql: "UPDATE items SET label = 'x' WHERE quantity > 0" },
  safe: { sql: "UPDATE items SET label = 'x' WHERE quantity > 0 AND id BETWEEN 1 AND 5" },
});
