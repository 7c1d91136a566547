import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline } from '../../syntax';
import { own, rule } from '../rule';
import { addsColumn, typeText } from '../wording';

export const addColumnGenerated = rule<AlterTableCmd>({
  id: 'add-column-generated',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … GENERATED ALWAYS AS (…) STORED',
  matches: ({ node }) =>
    inline(asColumn(node.def), 'CONSTR_GENERATED').some(({ generated_kind }) => generated_kind !== 'v'),
  effect: {
    locks: own('ACCESS EXCLUSIVE'),
    rewrite: true,
    scan: true,
    breaks: 'conditional',
  },
  because: () => 'named prepared statements with SELECT * fail until they are prepared again',
  says: ({ name, relation }) => `computing ${name} for every row of ${relation}`,
  remedy: ({ relation, name, node, catalog }) => {
    const type = typeText(asColumn(node.def)?.typeName);
    return catalog.major >= 18
      ? [
          addsColumn(relation, name, `${type} GENERATED ALWAYS AS (<…>) VIRTUAL`),
          'It is computed when it is read, so no row is written.',
        ]
      : [addsColumn(relation, name, type), 'Fill it by a trigger, and the old rows in batches.'];
  },
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN twice int GENERATED ALWAYS AS (quantity * 2) STORED' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN twice int' },
});
