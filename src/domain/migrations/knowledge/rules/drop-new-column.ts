import type { AlterTableCmd } from 'libpg-query';
import { isNewColumn } from '../keys';
import { own, rule } from '../rule';

export const dropNewColumn = rule<AlterTableCmd>({
  id: 'drop-new-column',
  on: ['AT_DropColumn'],
  condition: 'DROP COLUMN of one that the release itself has added',
  matches: isNewColumn,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `dropping the new ${name} of ${relation} again`,
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  safe: { sql: 'ALTER TABLE items ADD COLUMN draft text; ALTER TABLE items DROP COLUMN draft' },
});
