import { noLocks, rule } from '../rule';

export const dropOwned = rule<{ roles?: { RoleSpec?: { rolename?: string } }[] }>({
  id: 'drop-owned',
  on: ['DropOwnedStmt'],
  condition: 'DROP OWNED BY',
  matches: () => true,
  effect: { locks: noLocks, breaks: 'yes', reversible: false, losesData: true },
  says: () => 'dropping all that a role owns, and taking away its rights,',
  because: () => 'tables of the role are gone, and so is what it may do',
  remedy: () => [
    'Drop by name what is no longer used, and give the rest to another role.',
    'REASSIGN OWNED BY <…> TO <…>;',
  ],
  unsafe: { sql: 'DROP OWNED BY app' },
  safe: { sql: 'REASSIGN OWNED BY app TO postgres' },
});
