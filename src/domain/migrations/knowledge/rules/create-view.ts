import type { ViewStmt } from 'libpg-query';
import { missingColumns } from '../following';
import { only, rule } from '../rule';

export const createView = rule<ViewStmt>({
  id: 'create-view',
  on: ['ViewStmt'],
  condition: 'CREATE VIEW',
  matches: (s) => !s.node.replace || missingColumns(s).length === 0,
  effect: {
    locks: (s) => (s.table && s.node.replace ? only('ACCESS EXCLUSIVE')(s) : []),
    breaks: 'conditional',
  },
  says: ({ relation }) => `creating view ${relation}`,
  because: () =>
    'a replaced view may return other rows, and loses security_invoker, security_barrier and its check option unless they are said again',
  safe: { sql: 'CREATE OR REPLACE VIEW customer_names AS SELECT id, name FROM customers' },
});
