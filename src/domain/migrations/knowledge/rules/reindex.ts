import type { ReindexStmt } from 'libpg-query';
import { options } from '../../syntax';
import { only, rule } from '../rule';

export const reindex = rule<ReindexStmt>({
  id: 'reindex',
  on: ['ReindexStmt'],
  condition: 'REINDEX without CONCURRENTLY',
  matches: ({ node }) => !options(node.params).includes('concurrently'),
  effect: { locks: only('SHARE'), scan: true, rewrite: true, hidesIndex: true },
  says: ({ relation }) => `building the indexes of ${relation} anew`,
  remedy: ({ node, relation }) =>
    `REINDEX ${node.kind === 'REINDEX_OBJECT_INDEX' ? 'INDEX' : 'TABLE'} CONCURRENTLY ${node.relation?.relname ?? relation}, outside a transaction`,
  unsafe: { sql: 'REINDEX TABLE items' },
  safe: { sql: 'REINDEX TABLE CONCURRENTLY items' },
});
