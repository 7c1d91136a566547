import { shutsOut } from '../rights';
import { noLocks, rule } from '../rule';

export const changeRole = rule({
  id: 'change-role',
  on: [
    'AlterRoleStmt',
    'AlterRoleSetStmt',
    'AlterDatabaseSetStmt',
    'DropRoleStmt',
    'AlterDatabaseStmt',
    'AlterSystemStmt',
  ],
  condition: 'ALTER ROLE, ALTER DATABASE … SET, ALTER SYSTEM, but not one that shuts a role out',
  matches: (s) => !shutsOut(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'changing settings of a role or the database',
  because: () => 'its next connections have another password, search_path, limit or right',
  safe: { sql: "ALTER ROLE app SET statement_timeout = '1min'" },
});
