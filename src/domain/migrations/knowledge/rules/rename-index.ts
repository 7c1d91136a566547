import type { RenameStmt } from 'libpg-query';
import { always, noLocks, rule } from '../rule';

export const renameIndex = rule<RenameStmt>({
  id: 'rename-index',
  on: ['RenameStmt:OBJECT_INDEX'],
  condition: 'ALTER INDEX … RENAME',
  matches: always,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `renaming index ${name}`,
  because: () => 'ON CONFLICT ON CONSTRAINT fails where the index belongs to one',
  safe: { sql: 'ALTER INDEX customers_name_idx RENAME TO customers_by_name' },
});
