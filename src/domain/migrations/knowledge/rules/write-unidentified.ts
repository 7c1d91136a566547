import { partitionsOf } from '../../catalog';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const writeUnidentified = rule({
  id: 'write-unidentified',
  on: ['UpdateStmt', 'DeleteStmt', 'MergeStmt'],
  condition: 'UPDATE, DELETE or MERGE on a published table without a key',
  matches: (s) =>
    [s.table, ...partitionsOf(s.catalog, s.relation)].some(
      (one) => one?.published && one.identity?.length === 0 && one.kind === 'table',
    ),
  effect: { locks: only('ROW EXCLUSIVE'), fails: true },
  says: ({ relation }) => `changing rows of ${relation}, which is published and has no key,`,
  remedy: ({ relation }) => [
    'First let all of a row tell which it is.',
    `ALTER TABLE ${sqlName(relation)} REPLICA IDENTITY FULL;`,
  ],
  unsafe: { sql: "UPDATE notices SET body = 'x' WHERE id = 1" },
  safe: { sql: 'ALTER TABLE notices REPLICA IDENTITY FULL' },
});
