import type { SelectStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { locksManyRows } from '../where';

export const lockManyRows = rule<SelectStmt>({
  id: 'lock-many-rows',
  on: ['SelectStmt:Locking'],
  condition: 'SELECT … FOR UPDATE, SHARE and the like of every row, or with a WHERE that may leave many',
  matches: locksManyRows,
  effect: { locks: own('ROW SHARE'), scan: true, slow: true, locksRows: true },
  says: ({ relation }) => `locking as many rows of ${relation} as the query finds`,
  remedy: () => [
    'Lock what the transaction writes, and some of it at a time: FOR UPDATE with LIMIT, in a transaction of its own.',
  ],
  unsafe: { sql: 'SELECT FROM items WHERE quantity > 0 FOR UPDATE' },
  safe: { sql: 'SELECT FROM items WHERE quantity > 0 LIMIT 5 FOR UPDATE' },
});
