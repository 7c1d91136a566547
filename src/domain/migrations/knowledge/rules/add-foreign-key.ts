import type { AlterTableCmd } from 'libpg-query';
import { withParts } from '../../catalog';
import { isConstraint, parent } from '../keys';
import { on, own, rule, whole } from '../rule';
import { notValidFirst } from '../wording';

export const addForeignKey = rule<AlterTableCmd>({
  id: 'add-foreign-key',
  on: ['AT_AddConstraint'],
  condition: 'ADD FOREIGN KEY without NOT VALID',
  matches: ({ node }) => isConstraint(node, 'CONSTR_FOREIGN', false),
  effect: {
    locks: (s) => [
      ...own('SHARE ROW EXCLUSIVE')(s),
      ...on('SHARE ROW EXCLUSIVE', withParts(s.catalog, parent(s))),
    ],
    // rows of the parent are looked up, one for each of the child
    reads: (s) => whole('SHARE ROW EXCLUSIVE')(s).map(({ relation }) => relation),
    scan: true,
    breaks: 'conditional',
  },
  says: (s) => `comparing every row of ${s.relation} with ${parent(s)}`,
  because: (s) => `its inserts before their row in ${parent(s)}, and its deletes there, fail`,
  remedy: notValidFirst,
  unsafe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_order_fkey FOREIGN KEY (order_id) REFERENCES orders',
  },
  safe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_order_fkey FOREIGN KEY (order_id) REFERENCES orders NOT VALID',
  },
});
