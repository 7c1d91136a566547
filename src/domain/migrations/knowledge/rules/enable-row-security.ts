import type { AlterTableCmd } from 'libpg-query';
import { isAdmitted, isExempt } from '../policies';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const enableRowSecurity = rule<AlterTableCmd>({
  id: 'enable-row-security',
  on: ['AT_EnableRowSecurity'],
  condition:
    'ENABLE ROW LEVEL SECURITY on a table without policies, before or in the same transaction, that let the roles at work read and write its rows',
  matches: (s) => !isAdmitted(s) && !isExempt(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `enabling row level security on ${relation}`,
  because: ({ relation }) =>
    `roles other than the owner see no rows of ${relation} unless a policy lets them`,
  remedy: ({ relation }) => [
    'First create a policy in the same transaction, for the roles of the live version.',
    `CREATE POLICY <…> ON ${sqlName(relation)} TO <…> USING (true);`,
    'Narrow it in a later release.',
  ],
  unsafe: { sql: 'ALTER TABLE items ENABLE ROW LEVEL SECURITY' },
  safe: {
    sql: 'CREATE POLICY items_all ON items USING (true); ALTER TABLE items ENABLE ROW LEVEL SECURITY',
  },
});
