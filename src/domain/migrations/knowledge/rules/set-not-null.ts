import type { AlterTableCmd } from 'libpg-query';
import { provesNotNull } from '../../not-null';
import { isNotNull } from '../keys';
import { bare, own, rule } from '../rule';

export const setNotNull = rule<AlterTableCmd>({
  id: 'set-not-null',
  on: ['AT_SetNotNull'],
  condition: 'SET NOT NULL on a column that no validated CHECK proves',
  matches: ({ table, name }) => !isNotNull(table, name) && !(table && provesNotNull(table, name)),
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `reading ${relation} for NULLs in ${name}`,
  because: () => 'writes of NULL fail',
  remedy: ({ relation, name }) =>
    [
      `ALTER TABLE ${relation} ADD CONSTRAINT ${bare(relation)}_${name}_known CHECK (${name} IS NOT NULL) NOT VALID`,
      `in the next migration: ALTER TABLE ${relation} VALIDATE CONSTRAINT ${bare(relation)}_${name}_known`,
      `then, in two statements: ALTER TABLE ${relation} ALTER COLUMN ${name} SET NOT NULL`,
      `ALTER TABLE ${relation} DROP CONSTRAINT ${bare(relation)}_${name}_known`,
    ].join('; '),
  unsafe: { sql: 'ALTER TABLE orders ALTER COLUMN total SET NOT NULL' },
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_known CHECK (total IS NOT NULL) NOT VALID' },
});
