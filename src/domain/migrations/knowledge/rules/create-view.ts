import type { ViewStmt } from 'libpg-query';
import { always, nothing, only, rule } from '../rule';

export const createView = rule<ViewStmt>({
  id: 'create-view',
  on: ['ViewStmt'],
  condition: 'CREATE VIEW',
  matches: always,
  effect: {
    locks: (s) => (s.table && s.node.replace ? only('ACCESS EXCLUSIVE')(s) : []),
    breaks: 'conditional',
  },
  says: ({ relation }) => `creating view ${relation}`,
  because: () => 'a replaced view may return other rows',
  remedy: nothing,
  safe: { sql: 'CREATE OR REPLACE VIEW customer_names AS SELECT id, name FROM customers' },
});
