import type { ReindexStmt } from 'libpg-query';
import { options } from '../../syntax';
import { meant, only, rule } from '../rule';

export const reindexConcurrently = rule<ReindexStmt>({
  id: 'reindex-concurrently',
  on: ['ReindexStmt'],
  condition: 'REINDEX CONCURRENTLY outside a transaction',
  matches: ({ node, inTransaction }) => options(node.params).includes('concurrently') && !inTransaction,
  effect: { locks: only('SHARE UPDATE EXCLUSIVE'), scan: true },
  says: (s) => `building the indexes of ${meant(s)} anew beside the traffic`,
  safe: { sql: 'REINDEX INDEX CONCURRENTLY customers_name_idx' },
});
