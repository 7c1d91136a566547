import type { InsertStmt } from 'libpg-query';
import { rule } from '../rule';
import { updatesConflicts, writesManyRows } from '../where';

export const updateConflicts = rule<InsertStmt>({
  id: 'update-conflicts',
  on: ['InsertStmt'],
  condition: 'INSERT … SELECT … ON CONFLICT DO UPDATE: whatever is there already is written',
  matches: updatesConflicts,
  effect: writesManyRows,
  says: ({ relation }) =>
    `writing each row of ${relation} that a found one conflicts with, in one transaction,`,
  remedy: () => [
    'Run it for a range of keys at a time, each in a transaction of its own, outside of the migration.',
  ],
  unsafe: {
    sql: "INSERT INTO items (id, quantity) SELECT id, quantity FROM items ON CONFLICT (id) DO UPDATE SET label = 'x'",
  },
  safe: { sql: "INSERT INTO items (id, quantity) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET label = 'x'" },
});
