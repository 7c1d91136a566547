import type { AlterTableCmd } from 'libpg-query';
import { isAdmitted, isExempt } from '../policies';
import { own, rule } from '../rule';

export const enableRowSecurityBehindPolicy = rule<AlterTableCmd>({
  id: 'enable-row-security-behind-policy',
  on: ['AT_EnableRowSecurity'],
  condition:
    'ENABLE ROW LEVEL SECURITY on a table that has policies for reading and every kind of writing, or gets them in the same transaction',
  matches: (s) => isAdmitted(s) || isExempt(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `enabling row level security on ${relation} behind its policies`,
  because: () => 'it sees only the rows that a policy lets its role see',
  safe: {
    sql: 'CREATE POLICY items_all ON items USING (true); ALTER TABLE items ENABLE ROW LEVEL SECURITY',
  },
});
