import type { RenameStmt } from 'libpg-query';
import { always, noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const renameSchema = rule<RenameStmt>({
  id: 'rename-schema',
  on: ['RenameStmt:OBJECT_SCHEMA'],
  condition: 'ALTER SCHEMA … RENAME',
  matches: always,
  effect: { locks: noLocks, breaks: 'yes' },
  says: ({ name, node }) => `renaming schema ${name} to ${node.newname}`,
  because: ({ name }) => `every statement that names ${name}, and every search_path with it, finds nothing`,
  remedy: ({ name, node }) =>
    `create ${node.newname} beside ${sqlName(name)}, move one table at a time behind a view, drop ${sqlName(name)} in a later release`,
  unsafe: { sql: 'ALTER SCHEMA archive RENAME TO history' },
  safe: { sql: 'CREATE SCHEMA history' },
});
