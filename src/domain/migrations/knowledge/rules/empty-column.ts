import type { UpdateStmt } from 'libpg-query';
import { rule } from '../rule';
import { emptiedColumns, leavesAllRows, leavesManyRows, writesManyRows } from '../where';
import { dropsLater } from '../wording';

export const emptyColumn = rule<UpdateStmt>({
  id: 'empty-column',
  on: ['UpdateStmt'],
  condition: 'UPDATE of every row, or of many, that sets a column to NULL or to a default that it has not',
  matches: (s) => emptiedColumns(s).length > 0 && (leavesAllRows(s) || leavesManyRows(s)),
  effect: { ...writesManyRows, losesData: true },
  says: (s) => `emptying ${emptiedColumns(s).join(' and ')} of ${s.relation}`,
  because: () => 'the live version finds no values',
  remedy: (s) => emptiedColumns(s).map(dropsLater),
  unsafe: { sql: 'UPDATE items SET label = NULL' },
  safe: { sql: 'UPDATE items SET label = NULL WHERE id = 3' },
});
