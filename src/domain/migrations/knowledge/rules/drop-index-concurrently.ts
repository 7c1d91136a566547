import type { DropStmt } from 'libpg-query';
import { indexOf } from '../keys';
import { nothing, only, rule } from '../rule';

export const dropIndexConcurrently = rule<DropStmt>({
  id: 'drop-index-concurrently',
  on: ['DropStmt:OBJECT_INDEX'],
  condition: 'DROP INDEX CONCURRENTLY outside a transaction',
  matches: (s) => s.node.concurrent === true && !s.inTransaction && indexOf(s)?.unique !== true,
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), breaks: 'no' },
  says: ({ name, relation }) => `dropping index ${name} of ${relation} beside the traffic`,
  remedy: nothing,
  safe: { sql: 'DROP INDEX CONCURRENTLY customers_name_idx' },
});
