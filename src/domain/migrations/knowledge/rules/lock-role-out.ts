import { shutsOut } from '../rights';
import { noLocks, rule } from '../rule';

export const lockRoleOut = rule({
  id: 'lock-role-out',
  on: ['AlterRoleStmt', 'DropRoleStmt'],
  condition:
    'ALTER ROLE … NOLOGIN or CONNECTION LIMIT 0, DROP ROLE of one that is at work; NOSUPERUSER, NOBYPASSRLS where tables have row level security, NOINHERIT before 16',
  matches: shutsOut,
  effect: { locks: noLocks, breaks: 'yes' },
  says: () => 'shutting a role out, or taking a power from it,',
  because: () => 'its next connections are refused, or what it did by that power',
  remedy: () => ['Do it once no version that connects as the role runs, or is one to roll back to.'],
  unsafe: { sql: 'ALTER ROLE app NOLOGIN' },
  safe: { sql: 'ALTER ROLE app CONNECTION LIMIT 50' },
});
