import type { Node } from 'libpg-query';
import { options } from '../../syntax';
import { noLocks, rule } from '../rule';

export const concurrentlyInTransaction = rule<{ concurrent?: boolean; params?: Node[] }>({
  id: 'concurrently-in-transaction',
  on: ['IndexStmt', 'DropStmt:OBJECT_INDEX', 'ReindexStmt'],
  condition: 'CONCURRENTLY inside a transaction',
  matches: ({ node, inTransaction }) =>
    inTransaction && (node.concurrent === true || options(node.params).includes('concurrently')),
  effect: { locks: noLocks, fails: true },
  says: ({ relation }) => `working CONCURRENTLY on ${relation} inside of a transaction`,
  remedy: () => ['Give the statement a migration of its own that the tool runs without a transaction.'],
  unsafe: { sql: 'BEGIN; CREATE INDEX CONCURRENTLY items_label_idx ON items (label); COMMIT' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_label_idx ON items (label)' },
});
