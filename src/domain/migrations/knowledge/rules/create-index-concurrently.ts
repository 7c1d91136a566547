import type { IndexStmt } from 'libpg-query';
import { refusedOnPartitioned } from '../partitions';
import { only, rule } from '../rule';
import { indexOn } from '../wording';

export const createIndexConcurrently = rule<IndexStmt>({
  id: 'create-index-concurrently',
  on: ['IndexStmt'],
  condition: 'CREATE INDEX CONCURRENTLY outside a transaction',
  matches: (s) =>
    s.node.concurrent === true && s.node.unique !== true && !s.inTransaction && !refusedOnPartitioned(s),
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), scan: true, breaks: 'no' },
  says: ({ node, relation }) => `building ${indexOn(node, relation)} beside the traffic`,
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_both_idx ON items (order_id, label)' },
});
