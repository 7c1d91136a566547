import type { AlterTableCmd } from 'libpg-query';
import { losesNeededDefault, repeatsKey, takesDefault } from '../keys';
import { own, rule } from '../rule';

export const changeDefault = rule<AlterTableCmd>({
  id: 'change-default',
  on: ['AT_ColumnDefault'],
  condition: 'SET DEFAULT or DROP DEFAULT',
  matches: (s) => !repeatsKey(s) && (!takesDefault(s.node) || !losesNeededDefault(s)),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `changing the default of ${name} of ${relation}`,
  because: ({ name }) => `its inserts that leave ${name} out get another value`,
  safe: { sql: "ALTER TABLE items ALTER COLUMN label SET DEFAULT 'x'" },
});
