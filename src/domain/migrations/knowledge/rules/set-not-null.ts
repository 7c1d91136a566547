import type { AlterTableCmd } from 'libpg-query';
import { ident, made } from '../../names';
import { provesNotNull } from '../../not-null';
import { isNotNull } from '../keys';
import { bare, own, rule } from '../rule';
import { sqlName, validatesLater } from '../wording';

export const setNotNull = rule<AlterTableCmd>({
  id: 'set-not-null',
  on: ['AT_SetNotNull'],
  condition: 'SET NOT NULL on a column that no validated CHECK proves',
  matches: ({ table, name }) => !isNotNull(table, name) && !(table && provesNotNull(table, name)),
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `reading ${relation} for NULLs in ${name}`,
  because: () => 'its writes of NULL fail',
  remedy: ({ relation, name }) => {
    const known = made(bare(relation), name, 'known');
    return [
      `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${ident(known)} CHECK (${ident(name)} IS NOT NULL) NOT VALID;`,
      ...validatesLater(relation, known),
      `ALTER TABLE ${sqlName(relation)} ALTER COLUMN ${ident(name)} SET NOT NULL;`,
      `ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT ${ident(known)};`,
    ];
  },
  unsafe: { sql: 'ALTER TABLE orders ALTER COLUMN total SET NOT NULL' },
  safe: { sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_known CHECK (total IS NOT NULL) NOT VALID' },
});
