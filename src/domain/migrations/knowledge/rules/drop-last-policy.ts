import type { DropStmt } from 'libpg-query';
import { isMissed } from '../policies';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const dropLastPolicy = rule<DropStmt>({
  id: 'drop-last-policy',
  on: ['DropStmt:OBJECT_POLICY'],
  condition:
    'DROP POLICY of the last one on a table with row level security, and none that comes in the same transaction',
  matches: isMissed,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) => `dropping ${name}, the last policy of ${relation},`,
  because: ({ relation }) => `roles other than the owner see no rows of ${relation} any more`,
  remedy: ({ relation }) => [
    'Create another one in the same transaction, for the roles of the live version.',
    `CREATE POLICY <…> ON ${sqlName(relation)} TO <…> USING (<…>);`,
  ],
  unsafe: { sql: 'DROP POLICY parcels_all ON parcels' },
  safe: { sql: 'DROP POLICY parcels_all ON parcels; CREATE POLICY parcels_each ON parcels USING (id > 0)' },
});
