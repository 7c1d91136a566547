import type { AlterTableCmd } from 'libpg-query';
import { provesNotNull } from '../../not-null';
import { asConstraint, texts } from '../../syntax';
import { isConstraint } from '../keys';
import { lockedForRule, readForRule } from '../partitions';
import { rule } from '../rule';
import { notValidFirst } from '../wording';

export const addNotNullConstraint = rule<AlterTableCmd>({
  id: 'add-not-null-constraint',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … NOT NULL without NOT VALID (18)',
  matches: ({ node, table }) =>
    isConstraint(node, 'CONSTR_NOTNULL', false) &&
    !texts(asConstraint(node.def)?.keys).every((column) => table && provesNotNull(table, column)),
  effect: { locks: lockedForRule, reads: readForRule, scan: true, breaks: 'conditional' },
  says: ({ relation }) => `reading ${relation} for NULLs`,
  because: () => 'its writes of NULL fail',
  remedy: notValidFirst,
  unsafe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_known NOT NULL total' },
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_known NOT NULL total NOT VALID' },
});
