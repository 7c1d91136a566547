import type { RefreshMatViewStmt } from 'libpg-query';
import { noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const refreshConcurrentlyUnfit = rule<RefreshMatViewStmt>({
  id: 'refresh-concurrently-unfit',
  on: ['RefreshMatViewStmt'],
  condition: 'REFRESH … CONCURRENTLY of a materialized view without a unique index on columns alone',
  matches: ({ node, table }) =>
    node.concurrent === true &&
    table?.kind === 'materialized' &&
    !table.indexes.some(({ unique, valid, computed }) => unique && valid && !computed),
  effect: { locks: noLocks, fails: true },
  says: ({ relation }) =>
    `filling ${relation}, which has no unique index on columns, anew beside its readers`,
  remedy: ({ relation }) => [
    `CREATE UNIQUE INDEX ON ${sqlName(relation)} (<…>);`,
    'Nobody but its readers waits for it, and these do not.',
  ],
  unsafe: {
    sql: 'CREATE MATERIALIZED VIEW sums AS SELECT id FROM orders; REFRESH MATERIALIZED VIEW CONCURRENTLY sums',
  },
  safe: { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals' },
});
