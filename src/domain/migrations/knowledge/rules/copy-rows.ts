import type { InsertStmt } from 'libpg-query';
import { readFrom } from '../copies';
import { only, rule } from '../rule';

export const copyRows = rule<InsertStmt>({
  id: 'copy-rows',
  on: ['InsertStmt'],
  condition: 'INSERT of what a SELECT finds in a table',
  matches: (s) => readFrom(s).length > 0,
  effect: { locks: only('ROW EXCLUSIVE'), reads: readFrom, slow: true },
  says: (s) => `copying rows of ${readFrom(s).join(' and ')} into ${s.relation}`,
  safe: { sql: 'INSERT INTO logs (id, number) SELECT id + 50000, id + 50000 FROM items' },
});
