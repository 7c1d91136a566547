import type { DropStmt } from 'libpg-query';
import { comesBack } from '../following';
import { dependants } from '../keys';
import { on, only, rule } from '../rule';
import { dropsLater } from '../wording';

export const dropView = rule<DropStmt>({
  id: 'drop-view',
  on: ['DropStmt:OBJECT_VIEW', 'DropStmt:OBJECT_MATVIEW'],
  condition: 'DROP VIEW that the same file does not create again',
  matches: (s) => !comesBack(s),
  effect: {
    locks: (s) => [
      ...only('ACCESS EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', s.node.behavior === 'DROP_CASCADE' ? dependants(s) : []),
    ],
    breaks: 'yes',
  },
  says: ({ relation }) => `dropping view ${relation}`,
  because: ({ relation }) => `every statement that names ${relation} fails`,
  remedy: ({ relation }) => [dropsLater(relation)],
  unsafe: { sql: 'DROP VIEW customer_names' },
  safe: { sql: "COMMENT ON VIEW customer_names IS 'deprecated'" },
});
