import type { IndexStmt } from 'libpg-query';
import { refusedOnPartitioned } from '../partitions';
import { nothing, only, rule } from '../rule';

export const createIndexConcurrently = rule<IndexStmt>({
  id: 'create-index-concurrently',
  on: ['IndexStmt'],
  condition: 'CREATE INDEX CONCURRENTLY outside a transaction',
  matches: (s) =>
    s.node.concurrent === true && s.node.unique !== true && !s.inTransaction && !refusedOnPartitioned(s),
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), scan: true, breaks: 'no' },
  says: ({ node, relation }) => `building index ${node.idxname ?? ''} on ${relation} beside the traffic`,
  remedy: nothing,
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_both_idx ON items (order_id, label)' },
});
