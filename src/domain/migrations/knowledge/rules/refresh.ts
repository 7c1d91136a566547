import type { RefreshMatViewStmt } from 'libpg-query';
import { readByView } from '../copies';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const refresh = rule<RefreshMatViewStmt>({
  id: 'refresh',
  on: ['RefreshMatViewStmt'],
  condition: 'REFRESH MATERIALIZED VIEW without CONCURRENTLY',
  matches: ({ node }) => !node.concurrent && !node.skipData,
  effect: { locks: only('ACCESS EXCLUSIVE'), reads: readByView, rewrite: true, scan: true },
  says: ({ relation }) => `filling ${relation} anew`,
  remedy: ({ relation }) => [
    `REFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(relation)};`,
    'It needs a unique index on plain columns.',
  ],
  unsafe: { sql: 'REFRESH MATERIALIZED VIEW totals' },
  safe: { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals' },
});
