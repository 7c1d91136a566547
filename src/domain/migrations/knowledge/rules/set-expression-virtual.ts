import type { AlterTableCmd } from 'libpg-query';
import { generatedKind, holdsVirtual } from '../columns';
import { own, rule } from '../rule';

export const setExpressionVirtual = rule<AlterTableCmd>({
  id: 'set-expression-virtual',
  on: ['AT_SetExpression'],
  condition: 'ALTER COLUMN … SET EXPRESSION of a virtual column (18)',
  matches: (s) => generatedKind(s) === 'virtual' && !holdsVirtual(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `changing the expression of ${name} of ${relation}`,
  because: ({ name }) => `it reads other values in ${name}`,
  safe: {
    sql: 'ALTER TABLE parcels ADD COLUMN tons int GENERATED ALWAYS AS (weight / 1000) VIRTUAL; ALTER TABLE parcels ALTER COLUMN tons SET EXPRESSION AS (weight / 900)',
  },
});
