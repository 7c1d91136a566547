import type { GrantRoleStmt, GrantStmt } from 'libpg-query';
import { leavesRole, rightsTaken, takesRightsInUse } from '../rights';
import { noLocks, rule } from '../rule';

export const revoke = rule<GrantStmt & GrantRoleStmt>({
  id: 'revoke',
  on: ['GrantStmt', 'GrantRoleStmt'],
  condition:
    'REVOKE of rights to data, or of another role, from PUBLIC or a role that is at work; from any role where nobody knows who is at work',
  matches: (s) => (s.form === 'GrantRoleStmt' ? leavesRole(s) : takesRightsInUse(s)),
  effect: { locks: noLocks, breaks: 'yes' },
  says: (s) => `taking ${rightsTaken(s)}`,
  because: () => 'its statements that need them are refused',
  remedy: (s) => [`Take ${rightsTaken(s)} in a later release, once no version that works with them runs.`],
  unsafe: { sql: 'REVOKE SELECT ON items FROM app' },
  safe: { sql: 'REVOKE TRUNCATE ON items FROM app' },
});
