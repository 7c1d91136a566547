import type { RefreshMatViewStmt } from 'libpg-query';
import { only, rule } from '../rule';

export const refresh = rule<RefreshMatViewStmt>({
  id: 'refresh',
  on: ['RefreshMatViewStmt'],
  condition: 'REFRESH MATERIALIZED VIEW without CONCURRENTLY',
  matches: ({ node }) => !node.concurrent && !node.skipData,
  effect: { locks: only('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: ({ relation }) => `filling ${relation} anew`,
  remedy: ({ relation }) =>
    `REFRESH MATERIALIZED VIEW CONCURRENTLY ${relation}; it needs a unique index on plain columns`,
  unsafe: { sql: 'REFRESH MATERIALIZED VIEW totals' },
  safe: { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals' },
});
