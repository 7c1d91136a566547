import type { AlterTableStmt, RenameStmt } from 'libpg-query';
import { tablesOf } from '../../catalog';
import { changesStoredValues } from '../columns';
import { on, rule } from '../rule';
import { reachesTables } from '../users';

export const alterTypeOfTables = rule<AlterTableStmt & RenameStmt>({
  id: 'alter-type-of-tables',
  on: ['AlterTableStmt:OBJECT_TYPE', 'RenameStmt:OBJECT_ATTRIBUTE'],
  condition: 'ALTER TYPE … ATTRIBUTE … CASCADE of a type that says what the columns of a table are',
  matches: (s) => tablesOf(s.catalog, s.relation).length > 0 && reachesTables(s),
  effect: {
    locks: (s) => on('ACCESS EXCLUSIVE', tablesOf(s.catalog, s.relation)),
    breaks: 'yes',
    losesData: true,
    reversible: false,
  },
  says: (s) => `changing columns of ${tablesOf(s.catalog, s.relation).join(' and ')} by ${s.relation}`,
  because: (s) =>
    `its statements that name them fail${changesStoredValues(s.node) ? ', and everybody waits while the table is written anew' : ''}`,
  remedy: (s) => [
    `ALTER TABLE ${tablesOf(s.catalog, s.relation).join(' NOT OF; ALTER TABLE ')} NOT OF;`,
    'Then change the columns of the table as of any other.',
  ],
  unsafe: { sql: 'ALTER TYPE seat RENAME ATTRIBUTE label TO sign CASCADE' },
  safe: { sql: 'ALTER TABLE seats NOT OF' },
});
