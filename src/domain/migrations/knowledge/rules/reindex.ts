import type { ReindexStmt } from 'libpg-query';
import { options } from '../../syntax';
import { meant, only, rule } from '../rule';
import { OUTSIDE, oneLine } from '../wording';

export const reindex = rule<ReindexStmt>({
  id: 'reindex',
  on: ['ReindexStmt'],
  condition: 'REINDEX without CONCURRENTLY',
  matches: ({ node }) => !options(node.params).includes('concurrently'),
  effect: {
    locks: only('SHARE'),
    reads: (s) => (s.table?.columns.length && s.table.indexes.length === 0 ? [] : [meant(s)]),
    scan: true,
    rewrite: true,
    hidesIndex: true,
  },
  says: (s) => `building the indexes of ${meant(s)} anew`,
  remedy: ({ statement }) => [
    `${oneLine(statement).replace(/\b(INDEX|TABLE|SCHEMA|DATABASE)\b(?!.*\1)/i, '$1 CONCURRENTLY')};`,
    OUTSIDE,
  ],
  unsafe: { sql: 'REINDEX TABLE items' },
  safe: { sql: 'REINDEX TABLE CONCURRENTLY items' },
});
