import type { RenameStmt } from 'libpg-query';
import { on, rule } from '../rule';
import { isNamedInStatements } from '../users';

export const renameObjectUnnamed = rule<RenameStmt>({
  id: 'rename-object-unnamed',
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
  condition:
    'RENAME or SET SCHEMA of what statements seldom name: a domain, the sequence of a column, a type of no column',
  matches: (s) => !isNamedInStatements(s),
  effect: {
    locks: ({ form, name }) => (form.endsWith('SEQUENCE') ? on('ACCESS EXCLUSIVE', [name]) : []),
    breaks: 'conditional',
  },
  says: ({ name, node }) =>
    node.newname ? `renaming ${name} to ${node.newname}` : `moving ${name} to another schema`,
  because: ({ name }) => `statements that name ${name} fail`,
  safe: { sql: 'ALTER SEQUENCE parcels_id_seq RENAME TO parcel_numbers' },
});
