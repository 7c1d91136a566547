import { noLocks, rule } from '../rule';

export const nameNotThere = rule({
  id: 'name-not-there',
  on: ['Missing'],
  condition: 'something that the live database does not have',
  matches: () => true,
  effect: { locks: noLocks, fails: true },
  says: ({ name }) => `naming ${name}, which the database does not have,`,
  remedy: () => [
    'Look at which migrations are applied there, and at the schema and the search_path of the session that applies them.',
  ],
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN never_there SET NOT NULL' },
  safe: { sql: 'ALTER TABLE items DROP COLUMN IF EXISTS never_there' },
});
