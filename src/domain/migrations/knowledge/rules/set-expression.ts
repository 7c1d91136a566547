import type { AlterTableCmd } from 'libpg-query';
import { generatedKind } from '../columns';
import { own, rule } from '../rule';
import { sqlName } from '../wording';

export const setExpression = rule<AlterTableCmd>({
  id: 'set-expression',
  on: ['AT_SetExpression'],
  condition: 'ALTER COLUMN … SET EXPRESSION of a stored column, or of one of an unknown kind (17)',
  matches: (s) => generatedKind(s) !== 'virtual',
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true, breaks: 'conditional' },
  says: ({ name, relation }) => `computing ${name} for every row of ${relation} anew`,
  because: ({ name }) => `it reads other values in ${name}`,
  remedy: ({ name }) =>
    `a new column beside ${sqlName(name)} that a trigger fills, and a backfill in batches; read it in the next release`,
  unsafe: { sql: 'ALTER TABLE parcels ALTER COLUMN grams SET EXPRESSION AS (weight * 500)' },
  safe: { sql: 'ALTER TABLE parcels ADD COLUMN halves int' },
});
