import type { IndexStmt } from 'libpg-query';
import { refusedOnPartitioned } from '../partitions';
import { only, rule } from '../rule';
import { indexOn } from '../wording';

export const createUniqueIndexConcurrently = rule<IndexStmt>({
  id: 'create-unique-index-concurrently',
  on: ['IndexStmt'],
  condition: 'CREATE UNIQUE INDEX CONCURRENTLY outside a transaction',
  matches: (s) =>
    s.node.concurrent === true && s.node.unique === true && !s.inTransaction && !refusedOnPartitioned(s),
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ node, relation }) => `building ${indexOn(node, relation)} beside the traffic`,
  because: () => 'it fails if it writes a value twice, from before the index is ready on',
  safe: { sql: 'CREATE UNIQUE INDEX CONCURRENTLY items_number_idx ON items (id, sku)' },
});
