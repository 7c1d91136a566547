import type { DropStmt } from 'libpg-query';
import { dependants, referred } from '../keys';
import { always, on, own, rule } from '../rule';
import { dropsLater } from '../wording';

export const dropTable = rule<DropStmt>({
  id: 'drop-table',
  on: ['DropStmt:OBJECT_TABLE'],
  condition: 'DROP TABLE',
  matches: always,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', referred(s.catalog, s.table)),
      ...on('ACCESS EXCLUSIVE', s.table?.partitionOf ? [s.table.partitionOf] : []),
      ...on('ACCESS EXCLUSIVE', s.node.behavior === 'DROP_CASCADE' ? dependants(s) : []),
    ],
    breaks: 'yes',
    reversible: false,
    losesData: true,
  },
  says: ({ relation }) => `dropping ${relation}`,
  because: ({ relation }) => `every statement that names ${relation} fails`,
  remedy: ({ relation }) => [dropsLater(relation)],
  unsafe: { sql: 'DROP TABLE orders CASCADE' },
  safe: { sql: "COMMENT ON TABLE orders IS 'deprecated'" },
});
