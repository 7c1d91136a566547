import type { DropStmt } from 'libpg-query';
import { isLivingKey } from '../keys';
import { rule, whole } from '../rule';
import { indexNamed } from '../wording';

export const dropIndex = rule<DropStmt>({
  id: 'drop-index',
  on: ['DropStmt:OBJECT_INDEX'],
  condition:
    'DROP INDEX without CONCURRENTLY, of an index that nobody knows to be unique, or is missed for that',
  matches: (s) => !s.node.concurrent && !isLivingKey(s),
  effect: { locks: whole('ACCESS EXCLUSIVE'), breaks: 'no' },
  says: (s) => `dropping ${indexNamed(s)}`,
  safe: { sql: 'DROP INDEX customers_name_idx' },
});
