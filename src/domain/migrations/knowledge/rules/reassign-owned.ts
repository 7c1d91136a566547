import { noLocks, rule } from '../rule';

export const reassignOwned = rule({
  id: 'reassign-owned',
  on: ['ReassignOwnedStmt', 'AlterOwnerStmt'],
  condition: 'REASSIGN OWNED, OWNER TO of what is no table',
  matches: () => true,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'giving things to another owner',
  because: () => 'what it did as their owner is refused',
  safe: { sql: 'REASSIGN OWNED BY app TO postgres' },
});
