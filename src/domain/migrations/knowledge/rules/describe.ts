import { always, only, rule } from '../rule';

export const describe = rule<{ objtype?: string }>({
  id: 'describe',
  on: ['CommentStmt', 'CreateStatsStmt'],
  condition: 'COMMENT, CREATE STATISTICS',
  matches: always,
  effect: { locks: (s) => (s.relation ? only('SHARE UPDATE EXCLUSIVE')(s) : []) },
  says: ({ relation }) => `describing ${relation || 'an object'}`,
  safe: { sql: "COMMENT ON TABLE items IS 'things'" },
});
