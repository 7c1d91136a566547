import type { UpdateStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { leavesManyRows } from '../where';
import { updatesInBatches } from '../wording';

export const writeManyRows = rule<UpdateStmt>({
  id: 'write-many-rows',
  on: ['UpdateStmt'],
  condition: 'UPDATE whose WHERE has an open end or asks for NULLs only, of which there may be many',
  matches: leavesManyRows,
  effect: {
    locks: own('ROW EXCLUSIVE'),
    scan: true,
    slow: true,
    locksRows: true,
    reversible: false,
    breaks: 'no',
  },
  says: ({ relation }) => `writing as many rows of ${relation} as the condition leaves, in one transaction,`,
  remedy: ({ relation }) => updatesInBatches(relation),
  unsafe: { sql: "UPDATE items SET label = 'x' WHERE quantity > 0" },
  safe: { sql: "UPDATE items SET label = 'x' WHERE quantity > 0 AND id BETWEEN 1 AND 5" },
});
