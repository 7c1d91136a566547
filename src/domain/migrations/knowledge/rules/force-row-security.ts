import type { AlterTableCmd } from 'libpg-query';
import { isAdmitted } from '../policies';
import { own, rule, type Subject } from '../rule';
import { sqlName } from '../wording';

/** Row level security is on, no policy lets anybody in, and the owner is nobody special any more. */
export const shutsOwnerOut = (subject: Subject): boolean =>
  subject.form === 'AT_ForceRowSecurity' && subject.table?.secured === true && !isAdmitted(subject);

export const forceRowSecurity = rule<AlterTableCmd>({
  id: 'force-row-security',
  on: ['AT_ForceRowSecurity'],
  condition:
    'FORCE ROW LEVEL SECURITY where it is enabled and no policies, before or in the same transaction, let the roles at work read and write',
  matches: shutsOwnerOut,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `forcing row level security on the owner of ${relation}`,
  because: ({ relation }) =>
    `a version that works as the owner sees no rows of ${relation} unless a policy lets it`,
  remedy: ({ relation }) => [
    'First create a policy in the same transaction, for the roles of the live version.',
    `CREATE POLICY <…> ON ${sqlName(relation)} TO <…> USING (true);`,
    'Narrow it in a later release.',
  ],
  unsafe: { sql: 'ALTER TABLE diaries FORCE ROW LEVEL SECURITY' },
  safe: {
    sql: 'CREATE POLICY diaries_all ON diaries USING (true); ALTER TABLE diaries FORCE ROW LEVEL SECURITY',
  },
});
