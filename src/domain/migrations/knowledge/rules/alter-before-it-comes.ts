import { noLocks, rule } from '../rule';

export const alterBeforeItComes = rule({
  id: 'alter-before-it-comes',
  on: ['Early'],
  condition:
    'a part of ALTER TABLE about a column that the same statement adds, which PostgreSQL does before it adds it',
  matches: () => true,
  effect: { locks: noLocks, fails: true },
  says: ({ relation, name }) => `changing ${name} of ${relation} in the statement that adds it`,
  remedy: () => ['Give the part a statement of its own behind it.'],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN weight int NOT NULL DEFAULT 5, ALTER COLUMN weight DROP DEFAULT',
  },
  safe: { sql: 'ALTER TABLE items ADD COLUMN weight int DEFAULT 5, ALTER COLUMN weight SET DEFAULT 6' },
});
