import type { InsertStmt } from 'libpg-query';
import { meetsDeferrable } from '../keys';
import { only, rule } from '../rule';

export const conflictWithDeferrable = rule<InsertStmt>({
  id: 'conflict-with-deferrable',
  on: ['InsertStmt'],
  condition: 'INSERT … ON CONFLICT without a target on a table with a DEFERRABLE key',
  matches: meetsDeferrable,
  effect: { locks: only('ROW EXCLUSIVE'), fails: true },
  says: ({ relation }) => `looking for conflicts with every key of ${relation}, of which one is DEFERRABLE,`,
  remedy: () => ['Name the columns of the key that is meant behind ON CONFLICT.'],
  unsafe: { sql: 'INSERT INTO rooms_booked VALUES (1) ON CONFLICT DO NOTHING' },
  safe: { sql: 'INSERT INTO items (id, quantity) VALUES (9050, 5) ON CONFLICT (id) DO NOTHING' },
});
