import type { IndexStmt } from 'libpg-query';
import { builtOn } from '../partitions';
import { rule, whole } from '../rule';
import { concurrently, indexOn } from '../wording';

export const createIndex = rule<IndexStmt>({
  id: 'create-index',
  on: ['IndexStmt'],
  condition: 'CREATE INDEX without CONCURRENTLY',
  matches: ({ node }) => !node.concurrent && !node.unique,
  effect: { locks: whole('SHARE'), reads: builtOn, scan: true },
  says: ({ node, relation }) => `building ${indexOn(node, relation)}`,
  remedy: concurrently,
  unsafe: { sql: 'CREATE INDEX items_order_idx ON items (order_id)' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_order_idx ON items (order_id)' },
});
