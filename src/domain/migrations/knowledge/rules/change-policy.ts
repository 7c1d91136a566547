import type { RangeVar } from 'libpg-query';
import { standsBeforeConflict } from '../keys';
import { hidesRows } from '../policies';
import { only, rule } from '../rule';

export const changePolicy = rule<{ table?: RangeVar; event?: string }>({
  id: 'change-policy',
  on: ['CreatePolicyStmt', 'AlterPolicyStmt', 'RuleStmt'],
  condition: 'CREATE or ALTER POLICY, CREATE RULE that ON CONFLICT does not meet',
  matches: (s) => (s.form === 'RuleStmt' ? !standsBeforeConflict(s) : !hidesRows(s)),
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `changing a policy or rule of ${relation}`,
  because: () => 'it sees other rows where row level security is on',
  safe: { sql: 'CREATE POLICY items_all ON items USING (true)' },
});
