import type { RangeVar } from 'libpg-query';
import { always, nothing, only, rule } from '../rule';

export const changePolicy = rule<{ table?: RangeVar }>({
  id: 'change-policy',
  on: ['CreatePolicyStmt', 'AlterPolicyStmt', 'RuleStmt'],
  condition: 'CREATE or ALTER POLICY, CREATE RULE',
  matches: always,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `a policy or rule on ${relation}`,
  because: () => 'it sees other rows where row level security is on',
  remedy: nothing,
  safe: { sql: 'CREATE POLICY items_all ON items USING (true)' },
});
