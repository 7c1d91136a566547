import { movesOwned } from '../numbers';
import { noLocks, rule } from '../rule';

export const moveOwnedSequence = rule({
  id: 'move-owned-sequence',
  on: ['AlterTableStmt:OBJECT_SEQUENCE', 'AlterObjectSchemaStmt:OBJECT_SEQUENCE'],
  condition: 'ALTER SEQUENCE … OWNER TO or SET SCHEMA of one that belongs to a column',
  matches: movesOwned,
  effect: { locks: noLocks, fails: true },
  says: ({ relation, name }) => `moving sequence ${relation || name}, which belongs to a column,`,
  remedy: () => ['Change the owner or the schema of its table, and the sequence goes with it.'],
  unsafe: { sql: 'ALTER SEQUENCE parcels_id_seq SET SCHEMA archive' },
  safe: { sql: 'ALTER SEQUENCE ticket_numbers OWNER TO CURRENT_USER' },
});
