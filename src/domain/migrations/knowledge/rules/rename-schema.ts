import type { RenameStmt } from 'libpg-query';
import { ident } from '../../names';
import { always, noLocks, rule } from '../rule';

export const renameSchema = rule<RenameStmt>({
  id: 'rename-schema',
  on: ['RenameStmt:OBJECT_SCHEMA'],
  condition: 'ALTER SCHEMA … RENAME',
  matches: always,
  effect: { locks: noLocks, breaks: 'yes' },
  says: ({ name, node }) => `renaming schema ${name} to ${node.newname}`,
  because: ({ name }) => `every statement that names ${name}, and every search_path with it, finds nothing`,
  remedy: ({ name, node }) => [
    `CREATE SCHEMA ${ident(node.newname ?? '')};`,
    `Move one table at a time behind a view, and drop ${name} in a later release.`,
  ],
  unsafe: { sql: 'ALTER SCHEMA archive RENAME TO history' },
  safe: { sql: 'CREATE SCHEMA history' },
});
