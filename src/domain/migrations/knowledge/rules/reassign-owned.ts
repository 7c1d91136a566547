import { losesRightsOfOwner } from '../owners';
import { noLocks, rule } from '../rule';

export const reassignOwned = rule({
  id: 'reassign-owned',
  on: ['ReassignOwnedStmt', 'AlterOwnerStmt'],
  condition:
    'REASSIGN OWNED, OWNER TO of what is no table, and of which nobody at work is known to be the owner',
  matches: (s) => !losesRightsOfOwner(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'giving things to another owner',
  because: () => 'what it did as their owner is refused',
  safe: { sql: 'REASSIGN OWNED BY app TO postgres' },
});
