import { rule, whole } from '../rule';

export const renameOnTable = rule({
  id: 'rename-on-table',
  on: ['RenameStmt:OBJECT_TRIGGER', 'RenameStmt:OBJECT_POLICY', 'RenameStmt:OBJECT_RULE'],
  condition: 'RENAME of a trigger, policy or rule',
  matches: () => true,
  effect: { locks: whole('ACCESS EXCLUSIVE') },
  says: ({ name, relation }) => `renaming ${name} of ${relation}`,
  safe: { sql: 'ALTER TRIGGER items_touch ON items RENAME TO items_stamp' },
});
