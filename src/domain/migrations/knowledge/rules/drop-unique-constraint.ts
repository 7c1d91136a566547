import type { AlterTableCmd } from 'libpg-query';
import { cascaded, isUniqueKey, keyOf, referringTo } from '../keys';
import { on, rule } from '../rule';
import { dropsLater } from '../wording';

export const dropUniqueConstraint = rule<AlterTableCmd>({
  id: 'drop-unique-constraint',
  on: ['AT_DropConstraint'],
  condition:
    'DROP CONSTRAINT of a unique or primary key without another one on the same columns before or in the same transaction',
  matches: (s) => isUniqueKey(s) && (s.node.behavior === 'DROP_CASCADE' || referringTo(s).length === 0),
  effect: {
    locks: (s) => on('ACCESS EXCLUSIVE', [...keyOf(s), ...cascaded(s)]),
    breaks: 'yes',
  },
  says: ({ name, relation }) => `dropping key ${name} of ${relation}`,
  because: () => 'its ON CONFLICT on these columns finds no index, and duplicates are let in',
  remedy: ({ name }) => [dropsLater(name)],
  unsafe: { sql: 'ALTER TABLE customers DROP CONSTRAINT customers_email_key' },
  safe: { sql: 'ALTER TABLE items DROP CONSTRAINT items_quantity_check' },
});
