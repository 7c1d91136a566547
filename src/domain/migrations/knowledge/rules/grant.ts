import type { GrantStmt } from 'libpg-query';
import { takesRightsInUse } from '../rights';
import { noLocks, nothing, rule } from '../rule';

export const grant = rule<GrantStmt>({
  id: 'grant',
  on: ['GrantStmt', 'GrantRoleStmt'],
  condition: 'GRANT, or REVOKE of what nobody at work is known to use',
  matches: (s) => !takesRightsInUse(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ node }) => (node.is_grant ? 'granting rights' : 'taking rights away'),
  because: () => 'it may have rights taken away',
  remedy: nothing,
  safe: { sql: 'GRANT SELECT ON items TO app' },
});
