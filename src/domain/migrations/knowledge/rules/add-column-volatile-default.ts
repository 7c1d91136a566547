import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline } from '../../syntax';
import { isVolatile } from '../../volatility';
import { own, rule } from '../rule';
import { addsColumn, setsDefault, typeText } from '../wording';

export const addColumnVolatileDefault = rule<AlterTableCmd>({
  id: 'add-column-volatile-default',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … DEFAULT with a volatile expression',
  matches: ({ node, catalog }) =>
    inline(asColumn(node.def), 'CONSTR_DEFAULT').some(({ raw_expr }) => isVolatile(catalog, raw_expr)),
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'conditional' },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) => `giving every row of ${relation} its own ${name}`,
  remedy: ({ relation, name, node }) => [
    addsColumn(relation, name, typeText(asColumn(node.def)?.typeName)),
    setsDefault(relation, name),
    'Then fill the old rows in batches.',
  ],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN token uuid DEFAULT gen_random_uuid()' },
  safe: {
    sql: 'ALTER TABLE items ADD COLUMN token uuid; ALTER TABLE items ALTER COLUMN token SET DEFAULT gen_random_uuid()',
  },
});
