import type { AlterTableCmd } from 'libpg-query';
import { losesNeededDefault, takesDefault } from '../keys';
import { own, rule } from '../rule';

export const dropNeededDefault = rule<AlterTableCmd>({
  id: 'drop-needed-default',
  on: ['AT_ColumnDefault'],
  condition:
    'DROP DEFAULT or SET DEFAULT NULL of a column that is NOT NULL, and no other default in the same transaction',
  matches: (s) => takesDefault(s.node) && losesNeededDefault(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) => `dropping the default of ${name} of ${relation}, which is NOT NULL,`,
  because: ({ name }) => `its inserts that leave ${name} out fail`,
  remedy: ({ name }) => [
    `First release a version that always writes ${name}, and drop the default in a later release.`,
  ],
  unsafe: { sql: 'ALTER TABLE orders ALTER COLUMN state DROP DEFAULT' },
  safe: { sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'" },
});
