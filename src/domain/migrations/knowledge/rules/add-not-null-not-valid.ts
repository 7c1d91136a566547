import type { AlterTableCmd } from 'libpg-query';
import { isConstraint } from '../keys';
import { nothing, own, rule } from '../rule';

export const addNotNullNotValid = rule<AlterTableCmd>({
  id: 'add-not-null-not-valid',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … NOT NULL … NOT VALID (18)',
  matches: ({ node }) => isConstraint(node, 'CONSTR_NOTNULL', true),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `NOT NULL for new rows of ${relation}`,
  because: () => 'writes of NULL fail',
  remedy: nothing,
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_state_known NOT NULL total NOT VALID' },
});
