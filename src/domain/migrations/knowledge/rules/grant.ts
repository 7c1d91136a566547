import type { Node } from 'libpg-query';
import { always, noLocks, nothing, rule } from '../rule';

export const grant = rule<{ is_grant?: boolean; objects?: Node[]; objtype?: string }>({
  id: 'grant',
  on: ['GrantStmt', 'GrantRoleStmt'],
  condition: 'GRANT or REVOKE',
  matches: always,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ node }) => (node.is_grant ? 'granting rights' : 'taking rights away'),
  because: () => 'it may have rights taken away',
  remedy: nothing,
  safe: { sql: 'GRANT SELECT ON items TO app' },
});
