import type { AlterTableStmt } from 'libpg-query';
import { asksWhoCannotRead } from '../owners';
import { only, rule } from '../rule';

export const askReader = rule<AlterTableStmt>({
  id: 'ask-reader',
  on: ['AlterTableStmt:OBJECT_VIEW'],
  condition:
    'ALTER VIEW … SET or RESET (security_invoker) so that whose rights are asked may not read what the view reads',
  matches: asksWhoCannotRead,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `asking for the rights of another one in view ${relation}`,
  because: () => 'whoever reads the view is refused, because the tables behind it let only others read',
  remedy: () => ['Grant SELECT on what the view reads first.', 'GRANT SELECT ON <…> TO <…>;'],
  unsafe: {
    sql: 'ALTER VIEW secret_count SET (security_invoker = true)',
  },
  safe: { sql: 'ALTER VIEW customer_names SET (security_barrier = true)' },
});
