import type { RenameStmt } from 'libpg-query';
import { on, rule } from '../rule';
import { isNamedInStatements } from '../users';

export const renameObject = rule<RenameStmt>({
  id: 'rename-object',
  on: [
    'RenameStmt:OBJECT_FUNCTION',
    'RenameStmt:OBJECT_PROCEDURE',
    'RenameStmt:OBJECT_ROUTINE',
    'RenameStmt:OBJECT_AGGREGATE',
    'RenameStmt:OBJECT_SEQUENCE',
    'RenameStmt:OBJECT_TYPE',
    'RenameStmt:OBJECT_DOMAIN',
    'RenameStmt:OBJECT_ATTRIBUTE',
    'RenameStmt:OBJECT_ROLE',
    'AlterObjectSchemaStmt:OBJECT_FUNCTION',
    'AlterObjectSchemaStmt:OBJECT_PROCEDURE',
    'AlterObjectSchemaStmt:OBJECT_ROUTINE',
    'AlterObjectSchemaStmt:OBJECT_SEQUENCE',
    'AlterObjectSchemaStmt:OBJECT_TYPE',
    'AlterObjectSchemaStmt:OBJECT_DOMAIN',
    'AlterObjectSchemaStmt:OBJECT_VIEW',
    'AlterObjectSchemaStmt:OBJECT_MATVIEW',
    'AlterObjectSchemaStmt:OBJECT_EXTENSION',
  ],
  condition: 'RENAME or SET SCHEMA of a function, sequence, type, domain or role',
  matches: isNamedInStatements,
  effect: {
    locks: ({ form, name }) => (form.endsWith('SEQUENCE') ? on('ACCESS EXCLUSIVE', [name]) : []),
    breaks: 'yes',
  },
  says: ({ name, node }) =>
    node.newname ? `renaming ${name} to ${node.newname}` : `moving ${name} to another schema`,
  because: ({ name }) => `calls of ${name}, casts to it and statements that name it fail`,
  remedy: ({ name }) => [
    `Make the new one beside ${name}, use it in the next release, and drop ${name} in a later one.`,
  ],
  unsafe: { sql: 'ALTER FUNCTION greeting() RENAME TO welcome' },
  safe: { sql: "CREATE FUNCTION welcome() RETURNS text LANGUAGE sql AS 'SELECT greeting()'" },
});
