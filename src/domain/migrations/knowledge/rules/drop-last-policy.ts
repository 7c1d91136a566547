import type { DropStmt } from 'libpg-query';
import { isMissed } from '../policies';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const dropLastPolicy = rule<DropStmt>({
  id: 'drop-last-policy',
  on: ['DropStmt:OBJECT_POLICY'],
  condition:
    'DROP POLICY of one that no other one stands in for on a table with row level security, and none that comes in the same transaction',
  matches: isMissed,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) => `dropping policy ${name} of ${relation}, which no other one stands in for,`,
  because: ({ relation }) => `roles other than the owner lose the rows of ${relation} that it lets them see`,
  remedy: ({ relation }) => [
    'Create another one in the same transaction, for the roles of the live version.',
    `CREATE POLICY <…> ON ${sqlName(relation)} TO <…> USING (<…>);`,
  ],
  unsafe: { sql: 'DROP POLICY parcels_all ON parcels' },
  safe: { sql: 'DROP POLICY parcels_all ON parcels; CREATE POLICY parcels_each ON parcels USING (id > 0)' },
});
