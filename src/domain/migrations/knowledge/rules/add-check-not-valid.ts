import type { AlterTableCmd } from 'libpg-query';
import { isConstraint } from '../keys';
import { lockedForRule } from '../partitions';
import { rule } from '../rule';

export const addCheckNotValid = rule<AlterTableCmd>({
  id: 'add-check-not-valid',
  on: ['AT_AddConstraint'],
  condition: 'ADD CHECK … NOT VALID',
  matches: ({ node }) => isConstraint(node, 'CONSTR_CHECK', true),
  effect: { locks: lockedForRule, breaks: 'conditional' },
  says: ({ relation }) => `adding a CHECK for new rows of ${relation}`,
  because: () => 'its writes fail where they do not fit the new rule',
  safe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_bounded CHECK (quantity < 100000) NOT VALID' },
});
