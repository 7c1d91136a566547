import type { DropStmt } from 'libpg-query';
import { indexOf } from '../keys';
import { nothing, only, rule } from '../rule';

export const dropIndex = rule<DropStmt>({
  id: 'drop-index',
  on: ['DropStmt:OBJECT_INDEX'],
  condition: 'DROP INDEX without CONCURRENTLY, of an index that is not known to be unique',
  matches: (s) => !s.node.concurrent && indexOf(s)?.unique !== true,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'no' },
  says: ({ name, relation }) => `dropping index ${name} of ${relation}`,
  remedy: nothing,
  safe: { sql: 'DROP INDEX customers_name_idx' },
});
