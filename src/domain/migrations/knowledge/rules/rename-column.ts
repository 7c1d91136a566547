import type { RenameStmt } from 'libpg-query';
import { typeSql } from '../../names';
import { own, rule } from '../rule';
import { columnBeside } from '../wording';

export const renameColumn = rule<RenameStmt>({
  id: 'rename-column',
  on: ['RenameStmt:OBJECT_COLUMN'],
  condition: 'RENAME COLUMN',
  matches: ({ node }) => node.relationType !== 'OBJECT_TYPE',
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation, node }) => `renaming ${name} of ${relation} to ${node.newname}`,
  because: ({ name }) => `every statement that names ${name} fails`,
  remedy: ({ relation, name, node, table }) => {
    const type = table?.columns.find((column) => column.name === name)?.type;
    return columnBeside(relation, name, node.newname ?? '', type ? typeSql(type) : '<…>');
  },
  unsafe: { sql: 'ALTER TABLE customers RENAME COLUMN note TO remark' },
  safe: { sql: 'ALTER TABLE customers ADD COLUMN remark text' },
});
