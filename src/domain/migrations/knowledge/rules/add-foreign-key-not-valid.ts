import type { AlterTableCmd } from 'libpg-query';
import { withParts } from '../../catalog';
import { isConstraint, parent } from '../keys';
import { on, own, rule } from '../rule';

export const addForeignKeyNotValid = rule<AlterTableCmd>({
  id: 'add-foreign-key-not-valid',
  on: ['AT_AddConstraint'],
  condition: 'ADD FOREIGN KEY … NOT VALID',
  matches: ({ node }) => isConstraint(node, 'CONSTR_FOREIGN', true),
  effect: {
    locks: (s) => [
      ...own('SHARE ROW EXCLUSIVE')(s),
      ...on('SHARE ROW EXCLUSIVE', withParts(s.catalog, parent(s))),
    ],
    breaks: 'conditional',
  },
  says: (s) => `adding a foreign key from new rows of ${s.relation} to ${parent(s)}`,
  because: (s) => `its inserts before their row in ${parent(s)}, and its deletes there, fail`,
  safe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_order_key FOREIGN KEY (order_id) REFERENCES orders NOT VALID',
  },
});
