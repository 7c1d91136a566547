import { unfitForeignKey } from '../foreign-keys';
import { noLocks, rule } from '../rule';

export const foreignKeyUnfit = rule({
  id: 'foreign-key-unfit',
  on: ['AT_AddConstraint', 'AT_AddColumn', 'CreateStmt'],
  condition:
    'a foreign key to what is no table, is not logged or has no key of those columns, of another type, or that would write a computed column',
  matches: (s) => unfitForeignKey(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `adding a foreign key ${unfitForeignKey(s)},`,
  remedy: () => [
    'Let it refer to the primary key, or to a unique one, of a table, with columns of its types.',
  ],
  unsafe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_buyer FOREIGN KEY (order_id) REFERENCES orders (customer_id) NOT VALID',
  },
  safe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID',
  },
});
