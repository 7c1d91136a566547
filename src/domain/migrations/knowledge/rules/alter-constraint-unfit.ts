import type { AlterTableCmd } from 'libpg-query';
import { alteredConstraint, altersNoKey } from '../keys';
import { noLocks, rule } from '../rule';

export const alterConstraintUnfit = rule<AlterTableCmd>({
  id: 'alter-constraint-unfit',
  on: ['AT_AlterConstraint'],
  condition: 'ALTER CONSTRAINT of one that is no foreign key',
  matches: altersNoKey,
  effect: { locks: noLocks, fails: true },
  says: ({ relation, node }) =>
    `changing ${alteredConstraint(node)} of ${relation}, which is no foreign key,`,
  remedy: () => ['Add it again under another name, NOT VALID, and drop the old one.'],
  unsafe: { sql: 'ALTER TABLE customers ALTER CONSTRAINT customers_email_key DEFERRABLE' },
  safe: { sql: 'ALTER TABLE orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE' },
});
