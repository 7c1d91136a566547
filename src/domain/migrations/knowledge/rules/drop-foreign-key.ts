import type { AlterTableCmd } from 'libpg-query';
import { withParts } from '../../catalog';
import { lostActions } from '../foreign-actions';
import { referencedTable } from '../keys';
import { on, own, rule } from '../rule';

export const dropForeignKey = rule<AlterTableCmd>({
  id: 'drop-foreign-key',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT of a foreign key: the table it points to is locked too',
  matches: (s) => referencedTable(s) !== undefined && lostActions(s).length === 0,
  effect: {
    locks: (s) => [
      // ONLY or not: the key of a partition goes with its parent's
      ...own('ACCESS EXCLUSIVE')({ ...s, alone: undefined }),
      ...on('ACCESS EXCLUSIVE', withParts(s.catalog, referencedTable(s)!)),
    ],
  },
  says: (s) => `dropping foreign key ${s.name} of ${s.relation}, which locks ${referencedTable(s)} too,`,
  safe: { sql: 'ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey' },
});
