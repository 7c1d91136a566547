import type { SelectStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { locksManyRows, locksUncountedRows } from '../where';

export const lockRows = rule<SelectStmt>({
  id: 'lock-rows',
  on: ['SelectStmt:Locking'],
  condition: 'SELECT … FOR UPDATE, SHARE and the like with a WHERE or a LIMIT that leaves few rows',
  matches: (s) => !locksManyRows(s) && !locksUncountedRows(s),
  effect: { locks: own('ROW SHARE') },
  says: ({ relation }) => `locking rows of ${relation}`,
  safe: { sql: 'SELECT FROM items WHERE id = 1 FOR UPDATE' },
});
