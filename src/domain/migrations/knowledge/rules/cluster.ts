import type { ClusterStmt } from 'libpg-query';
import { always, meant, only, rule } from '../rule';

export const cluster = rule<ClusterStmt>({
  id: 'cluster',
  on: ['ClusterStmt'],
  condition: 'CLUSTER',
  matches: always,
  effect: { locks: only('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: (s) => `writing ${meant(s)} anew in the order of an index`,
  remedy: () => ['Use pg_repack, which lets everybody read and write.'],
  unsafe: { sql: 'CLUSTER customers USING customers_pkey' },
  safe: { sql: 'ANALYZE customers' },
});
