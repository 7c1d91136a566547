import type { AlterTableCmd } from 'libpg-query';
import { asConstraint } from '../../syntax';
import { noLocks, rule } from '../rule';

export const addForeignKeyToParentAlone = rule<AlterTableCmd>({
  id: 'add-foreign-key-to-parent-alone',
  on: ['AT_AddConstraint'],
  condition: 'a foreign key of a partitioned table with ONLY',
  matches: ({ node, alone, table }) =>
    alone === true && table?.kind === 'partitioned' && asConstraint(node.def)?.contype === 'CONSTR_FOREIGN',
  effect: { locks: noLocks, fails: true },
  says: (s) => `giving ONLY ${s.relation}, without its partitions, a foreign key`,
  remedy: () => ['Leave ONLY out: a foreign key of a partitioned table is one of each partition.'],
  unsafe: { sql: 'ALTER TABLE ONLY readings ADD FOREIGN KEY (value) REFERENCES orders (id)' },
  safe: { sql: 'ALTER TABLE items ADD FOREIGN KEY (order_id) REFERENCES orders NOT VALID' },
});
