import type { RenameStmt } from 'libpg-query';
import { leavesView, newName } from '../following';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const renameTable = rule<RenameStmt>({
  id: 'rename-table',
  on: ['RenameStmt:OBJECT_TABLE', 'AlterObjectSchemaStmt:OBJECT_TABLE'],
  condition: 'RENAME TABLE or SET SCHEMA without a view of the old name',
  matches: (s) => !leavesView(s),
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: (s) => `moving ${s.relation} to ${newName(s)}`,
  because: ({ relation }) => `every statement that names ${relation} fails`,
  remedy: (s) => [
    'Create a view of the old name in the same transaction, and grant its rights.',
    `CREATE VIEW ${sqlName(s.relation)} AS SELECT * FROM ${sqlName(newName(s))};`,
    'Drop the view in a later release.',
  ],
  unsafe: { sql: 'ALTER TABLE items RENAME TO goods' },
  safe: {
    sql: 'ALTER TABLE items RENAME TO goods; CREATE VIEW items AS SELECT * FROM goods; GRANT ALL ON items TO app',
  },
});
