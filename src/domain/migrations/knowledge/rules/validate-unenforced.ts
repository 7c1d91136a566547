import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { isUnenforced } from '../keys';
import { noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const validateUnenforced = rule<AlterTableCmd>({
  id: 'validate-unenforced',
  on: ['AT_ValidateConstraint'],
  condition: 'VALIDATE CONSTRAINT of one that is NOT ENFORCED (18)',
  matches: isUnenforced,
  effect: { locks: noLocks, fails: true },
  says: ({ name, relation }) => `validating ${name} of ${relation}, which is not enforced,`,
  remedy: ({ name, relation }) => [
    `ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT ${ident(name)};`,
    'Add it again as NOT VALID, and validate it in the next migration.',
  ],
  unsafe: {
    sql: 'ALTER TABLE orders ADD CONSTRAINT orders_even CHECK (total >= 0) NOT ENFORCED; ALTER TABLE orders VALIDATE CONSTRAINT orders_even',
  },
  safe: { sql: 'ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check' },
});
