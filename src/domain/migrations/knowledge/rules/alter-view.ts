import type { AlterTableStmt } from 'libpg-query';
import { asksWhoCannotRead, losesRightsOfOwner } from '../owners';
import { only, rule } from '../rule';

export const alterView = rule<AlterTableStmt>({
  id: 'alter-view',
  on: ['AlterTableStmt:OBJECT_VIEW'],
  condition: 'ALTER VIEW: owner, settings, defaults',
  matches: (s) => !losesRightsOfOwner(s) && !asksWhoCannotRead(s),
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `changing a setting of view ${relation}`,
  because: () => 'it may be let see or write other rows through it',
  safe: { sql: 'ALTER VIEW customer_names SET (security_barrier = true)' },
});
