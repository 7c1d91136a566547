import type { AlterTableCmd } from 'libpg-query';
import { typeSql } from '../../names';
import { generatedKind } from '../columns';
import { own, rule } from '../rule';
import { addsColumn } from '../wording';

export const setExpression = rule<AlterTableCmd>({
  id: 'set-expression',
  on: ['AT_SetExpression'],
  condition: 'ALTER COLUMN … SET EXPRESSION of a stored column, or of one of an unknown kind (17)',
  matches: (s) => generatedKind(s) !== 'virtual',
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `computing ${name} for every row of ${relation} anew`,
  because: ({ name }) => `it reads other values in ${name}`,
  remedy: ({ relation, name, table }) => {
    const type = table?.columns.find((column) => column.name === name)?.type;
    return [
      addsColumn(relation, `${name}_new`, type ? typeSql(type) : '<…>'),
      'Fill it by a trigger and the old rows in batches, and read it in the next release.',
    ];
  },
  unsafe: { sql: 'ALTER TABLE parcels ALTER COLUMN grams SET EXPRESSION AS (weight * 500)' },
  safe: { sql: 'ALTER TABLE parcels ADD COLUMN halves int' },
});
