import type { AlterTableCmd } from 'libpg-query';
import { referringTo } from '../keys';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const dropKeyUsed = rule<AlterTableCmd>({
  id: 'drop-key-used',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT without CASCADE of a key that foreign keys point to',
  matches: (s) => s.node.behavior !== 'DROP_CASCADE' && referringTo(s).length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `dropping key ${s.name} of ${s.relation}, to which ${referringTo(s).join(' and ')} refers,`,
  remedy: (s) => [
    'Drop the foreign keys that point to it first, and add them to another key as NOT VALID.',
    ...referringTo(s).map((child) => `ALTER TABLE ${sqlName(child)} DROP CONSTRAINT <…>;`),
  ],
  unsafe: { sql: 'ALTER TABLE customers DROP CONSTRAINT customers_pkey' },
  safe: { sql: 'ALTER TABLE items DROP CONSTRAINT items_quantity_check' },
});
