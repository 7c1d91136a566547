import type { DropStmt } from 'libpg-query';
import { isLivingKey } from '../keys';
import { refusedOnPartitioned } from '../partitions';
import { only, rule } from '../rule';
import { indexNamed } from '../wording';

export const dropIndexConcurrently = rule<DropStmt>({
  id: 'drop-index-concurrently',
  on: ['DropStmt:OBJECT_INDEX'],
  condition: 'DROP INDEX CONCURRENTLY outside a transaction',
  matches: (s) =>
    s.node.concurrent === true && !s.inTransaction && !isLivingKey(s) && !refusedOnPartitioned(s),
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), breaks: 'no' },
  says: (s) => `dropping ${indexNamed(s)} beside the traffic`,
  safe: { sql: 'DROP INDEX CONCURRENTLY customers_name_idx' },
});
