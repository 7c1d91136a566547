import type { RenameStmt } from 'libpg-query';
import { ident } from '../../names';
import { always, only, rule } from '../rule';
import { sqlName } from '../wording';

export const renameView = rule<RenameStmt>({
  id: 'rename-view',
  on: ['RenameStmt:OBJECT_VIEW', 'RenameStmt:OBJECT_MATVIEW'],
  condition: 'ALTER VIEW … RENAME',
  matches: always,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation, node }) => `renaming view ${relation} to ${node.newname}`,
  because: ({ relation }) => `every statement that names ${relation} fails`,
  remedy: ({ relation, node }) => [
    `CREATE VIEW ${ident(node.newname ?? '')} AS SELECT * FROM ${sqlName(relation)};`,
    `Drop ${relation} in a later release.`,
  ],
  unsafe: { sql: 'ALTER VIEW customer_names RENAME TO names' },
  safe: { sql: 'CREATE VIEW names AS SELECT id, name FROM customers' },
});
