import type { IndexStmt } from 'libpg-query';
import { builtOn } from '../partitions';
import { rule, whole } from '../rule';
import { concurrently, indexOn } from '../wording';

export const createUniqueIndex = rule<IndexStmt>({
  id: 'create-unique-index',
  on: ['IndexStmt'],
  condition: 'CREATE UNIQUE INDEX without CONCURRENTLY',
  matches: ({ node }) => !node.concurrent && node.unique === true,
  effect: { locks: whole('SHARE'), reads: builtOn, scan: true, breaks: 'conditional' },
  says: ({ node, relation }) => `building ${indexOn(node, relation)}`,
  because: () => 'it fails if it writes a value twice',
  remedy: concurrently,
  unsafe: { sql: 'CREATE UNIQUE INDEX items_label_idx ON items (label)' },
  safe: { sql: 'CREATE UNIQUE INDEX CONCURRENTLY items_label_idx ON items (label)' },
});
