import type { AlterTableCmd } from 'libpg-query';
import { isConstraint } from '../keys';
import { lockedForRule, readForRule } from '../partitions';
import { rule } from '../rule';
import { notValidFirst } from '../wording';

export const addCheck = rule<AlterTableCmd>({
  id: 'add-check',
  on: ['AT_AddConstraint'],
  condition: 'ADD CHECK without NOT VALID',
  matches: ({ node }) => isConstraint(node, 'CONSTR_CHECK', false),
  effect: { locks: lockedForRule, reads: readForRule, scan: true, breaks: 'conditional' },
  says: ({ relation }) => `checking every row of ${relation}`,
  because: () => 'its writes fail where they do not fit the new rule',
  remedy: notValidFirst,
  unsafe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_positive CHECK (quantity < 100000)' },
  safe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_positive CHECK (quantity < 100000) NOT VALID' },
});
