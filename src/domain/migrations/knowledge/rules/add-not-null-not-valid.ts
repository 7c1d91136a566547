import type { AlterTableCmd } from 'libpg-query';
import { isConstraint } from '../keys';
import { lockedForRule } from '../partitions';
import { rule } from '../rule';

export const addNotNullNotValid = rule<AlterTableCmd>({
  id: 'add-not-null-not-valid',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … NOT NULL … NOT VALID (18)',
  matches: ({ node }) => isConstraint(node, 'CONSTR_NOTNULL', true),
  effect: { locks: lockedForRule, breaks: 'conditional' },
  says: ({ relation }) => `requiring NOT NULL of new rows of ${relation}`,
  because: () => 'its writes of NULL fail',
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_state_known NOT NULL total NOT VALID' },
});
