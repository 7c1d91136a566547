import type { CreatePolicyStmt } from 'libpg-query';
import { hidesRows } from '../policies';
import { only, rule } from '../rule';

export const hideRows = rule<CreatePolicyStmt>({
  id: 'hide-rows',
  on: ['CreatePolicyStmt'],
  condition: 'CREATE POLICY … AS RESTRICTIVE with a condition, on a table with row level security',
  matches: hidesRows,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `hiding rows of ${relation} from who sees them by other policies`,
  because: ({ relation }) => `it sees only the rows of ${relation} that this policy lets it see too`,
  remedy: ({ relation }) => [
    `First release a version that needs no other rows of ${relation}, and create the policy in a later release.`,
  ],
  unsafe: { sql: 'CREATE POLICY parcels_light ON parcels AS RESTRICTIVE USING (weight < 0)' },
  safe: { sql: 'CREATE POLICY parcels_any ON parcels AS RESTRICTIVE USING (true)' },
});
