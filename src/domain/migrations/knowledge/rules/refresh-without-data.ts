import type { RefreshMatViewStmt } from 'libpg-query';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const refreshWithoutData = rule<RefreshMatViewStmt>({
  id: 'refresh-without-data',
  on: ['RefreshMatViewStmt'],
  condition: 'REFRESH MATERIALIZED VIEW … WITH NO DATA',
  matches: ({ node }) => node.skipData === true,
  effect: { locks: only('ACCESS EXCLUSIVE'), rewrite: true, breaks: 'yes' },
  says: ({ relation }) => `emptying ${relation}`,
  because: ({ relation }) => `every query of ${relation} fails until it is filled`,
  remedy: ({ relation }) => [
    'Keep the rows until the new ones are there.',
    `REFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(relation)};`,
  ],
  unsafe: { sql: 'REFRESH MATERIALIZED VIEW totals WITH NO DATA' },
  safe: { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals' },
});
