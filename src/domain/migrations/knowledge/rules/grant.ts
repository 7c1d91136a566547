import type { GrantRoleStmt, GrantStmt } from 'libpg-query';
import { leavesRole, takesRightsInUse } from '../rights';
import { noLocks, rule } from '../rule';

export const grant = rule<GrantStmt & GrantRoleStmt>({
  id: 'grant',
  on: ['GrantStmt', 'GrantRoleStmt'],
  condition: 'GRANT, or REVOKE of what nobody at work is known to use',
  matches: (s) => !(s.form === 'GrantRoleStmt' ? leavesRole(s) : takesRightsInUse(s)),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ node }) => (node.is_grant ? 'granting rights' : 'taking rights away'),
  because: ({ node }) =>
    node.is_grant ? 'its roles may do more than before' : 'its roles may do less than before',
  safe: { sql: 'GRANT SELECT ON items TO app' },
});
