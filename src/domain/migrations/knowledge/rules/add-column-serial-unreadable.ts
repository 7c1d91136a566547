import type { AlterTableCmd } from 'libpg-query';
import { needsRightsOnSequence } from '../rights';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const addColumnSerialUnreadable = rule<AlterTableCmd>({
  id: 'add-column-serial-unreadable',
  on: ['AT_AddColumn'],
  condition:
    "ADD COLUMN of a serial type to a table on which other roles than its owner have rights, and no GRANT on the column's new sequence behind it",
  matches: needsRightsOnSequence,
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'yes' },
  says: ({ name, relation }) => `numbering ${name} of ${relation} by a sequence that only its owner may use`,
  because: () => 'its inserts are refused, because its role has no rights on the new sequence',
  remedy: ({ relation, name }) =>
    `GRANT USAGE ON SEQUENCE ${sqlName(`${relation}_${name}_seq`)} TO the application's role, in the same transaction; or a column of GENERATED … AS IDENTITY, which needs none`,
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN number bigserial' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN number bigint' },
});
