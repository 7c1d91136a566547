import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline } from '../../syntax';
import { own, rule } from '../rule';
import { addsColumn, typeText } from '../wording';

export const addColumnVirtualNotNull = rule<AlterTableCmd>({
  id: 'add-column-virtual-not-null',
  on: ['AT_AddColumn'],
  condition:
    'ADD COLUMN … GENERATED ALWAYS AS (…) VIRTUAL NOT NULL (18): it is computed for every row to see',
  matches: ({ node }) =>
    inline(asColumn(node.def), 'CONSTR_GENERATED').some(({ generated_kind }) => generated_kind === 'v') &&
    inline(asColumn(node.def), 'CONSTR_NOTNULL').length > 0,
  effect: { locks: own('ACCESS EXCLUSIVE'), scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `computing ${name} for every row of ${relation} to see that none is NULL`,
  because: () => 'its writes for which it is NULL fail',
  remedy: ({ relation, name, node }) => [
    'Leave NOT NULL out.',
    addsColumn(relation, name, `${typeText(asColumn(node.def)?.typeName)} GENERATED ALWAYS AS (<…>) VIRTUAL`),
  ],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL NOT NULL',
  },
  safe: { sql: 'ALTER TABLE items ADD COLUMN twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL' },
});
