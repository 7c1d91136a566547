import type { RenameStmt } from 'libpg-query';
import { always, own, rule } from '../rule';

export const renameConstraint = rule<RenameStmt>({
  id: 'rename-constraint',
  on: ['RenameStmt:OBJECT_TABCONSTRAINT'],
  condition: 'RENAME CONSTRAINT',
  matches: always,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `renaming constraint ${name} of ${relation}`,
  because: ({ name }) =>
    `ON CONFLICT ON CONSTRAINT ${name} fails, and so does code that looks for the name in errors`,
  safe: { sql: 'ALTER TABLE items RENAME CONSTRAINT items_quantity_check TO items_some' },
});
