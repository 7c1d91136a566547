import type { RefreshMatViewStmt } from 'libpg-query';
import { readByView } from '../copies';
import { only, rule } from '../rule';

export const refreshConcurrently = rule<RefreshMatViewStmt>({
  id: 'refresh-concurrently',
  on: ['RefreshMatViewStmt'],
  condition: 'REFRESH MATERIALIZED VIEW CONCURRENTLY',
  matches: ({ node }) => node.concurrent === true,
  effect: { locks: only('EXCLUSIVE'), nobodyWrites: true, reads: readByView, slow: true },
  says: ({ relation }) => `filling ${relation} anew beside its readers`,
  safe: { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals' },
});
