import type { RenameStmt } from 'libpg-query';
import { leavesView, newName } from '../following';
import { only, rule } from '../rule';

export const renameTableBehindView = rule<RenameStmt>({
  id: 'rename-table-behind-view',
  on: ['RenameStmt:OBJECT_TABLE', 'AlterObjectSchemaStmt:OBJECT_TABLE'],
  condition: 'RENAME TABLE with a view of the old name in the same file',
  matches: leavesView,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: (s) => `renaming ${s.relation} to ${newName(s)} behind a view`,
  because: () =>
    'its rights on the view have to be granted, and TRUNCATE and foreign keys do not go through it',
  safe: {
    sql: 'ALTER TABLE items RENAME TO wares; CREATE VIEW items AS SELECT * FROM wares; GRANT ALL ON items TO app',
  },
});
