import type { RangeVar } from 'libpg-query';
import { nothing, only, rule } from '../rule';

export const writeRows = rule<{ relation?: RangeVar }>({
  id: 'write-rows',
  on: ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt', 'CopyStmt'],
  condition: 'INSERT, or UPDATE and DELETE with WHERE',
  matches: ({ node, form }) =>
    form === 'InsertStmt' || 'whereClause' in node || form === 'MergeStmt' || form === 'CopyStmt',
  effect: { locks: only('ROW EXCLUSIVE') },
  says: ({ relation }) => `writing rows of ${relation}`,
  remedy: nothing,
  safe: { sql: "UPDATE items SET label = 'x' WHERE id = 1" },
});
