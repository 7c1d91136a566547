import { hidesRows } from '../policies';
import { only, rule } from '../rule';

export const hideRows = rule({
  id: 'hide-rows',
  on: ['CreatePolicyStmt', 'AlterPolicyStmt'],
  condition:
    'CREATE POLICY … AS RESTRICTIVE with a condition, or ALTER POLICY with another one or for other roles, on a table with row level security',
  matches: hidesRows,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `hiding rows of ${relation} from who sees them by its policies`,
  because: ({ relation }) => `it sees no rows of ${relation} but those that this policy lets it see`,
  remedy: ({ relation }) => [
    `First release a version that needs no other rows of ${relation}, and let the policy come in a later release.`,
  ],
  unsafe: { sql: 'CREATE POLICY parcels_light ON parcels AS RESTRICTIVE USING (weight < 0)' },
  safe: { sql: 'CREATE POLICY parcels_any ON parcels AS RESTRICTIVE USING (true)' },
});
