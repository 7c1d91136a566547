import type { AlterDomainStmt } from 'libpg-query';
import { checksRows } from '../columns';
import { noLocks, rule } from '../rule';

export const alterDomainQuietly = rule<AlterDomainStmt>({
  id: 'alter-domain-quietly',
  on: ['AlterDomainStmt'],
  condition: 'ALTER DOMAIN … NOT VALID, DROP CONSTRAINT, DROP NOT NULL, or a default',
  matches: (s) => !checksRows(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ relation }) => `changing domain ${relation}`,
  because: () => 'its writes fail where they do not fit a new rule',
  safe: { sql: "ALTER DOMAIN email_address ADD CONSTRAINT has_dot CHECK (VALUE LIKE '%.%') NOT VALID" },
});
