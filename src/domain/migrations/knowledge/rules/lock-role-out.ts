import { locksOut, noLocks, rule } from '../rule';

export const lockRoleOut = rule<{ options?: unknown[] }>({
  id: 'lock-role-out',
  on: ['AlterRoleStmt'],
  condition: 'ALTER ROLE … NOLOGIN',
  matches: locksOut,
  effect: { locks: noLocks, breaks: 'yes' },
  says: () => 'shutting a role out',
  because: () => 'its next connections are refused',
  remedy: () => ['Do it once no version that connects as the role runs, or is one to roll back to.'],
  unsafe: { sql: 'ALTER ROLE app NOLOGIN' },
  safe: { sql: 'ALTER ROLE app CONNECTION LIMIT 50' },
});
