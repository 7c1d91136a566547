import type { AlterTableCmd } from 'libpg-query';
import { provesNotNull } from '../../not-null';
import { isNotNull } from '../keys';
import { bare, own, rule } from '../rule';
import { sqlName } from '../wording';

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
      `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${sqlName(`${bare(relation)}_${name}_known`)} CHECK (${sqlName(name)} IS NOT NULL) NOT VALID`,
      `in the next migration: ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(`${bare(relation)}_${name}_known`)}`,
      `then, in two statements: ALTER TABLE ${sqlName(relation)} ALTER COLUMN ${sqlName(name)} SET NOT NULL`,
      `ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT ${sqlName(`${bare(relation)}_${name}_known`)}`,
    ].join('; '),
  unsafe: { sql: 'ALTER TABLE orders ALTER COLUMN total SET NOT NULL' },
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_known CHECK (total IS NOT NULL) NOT VALID' },
});
