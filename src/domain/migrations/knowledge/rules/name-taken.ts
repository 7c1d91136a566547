import { noLocks, rule } from '../rule';

export const nameTaken = rule({
  id: 'name-taken',
  on: ['Taken'],
  condition: 'something new of a name that the live database has already',
  matches: () => true,
  effect: { locks: noLocks, fails: true },
  says: ({ name }) => `making ${name}, which the database has already,`,
  remedy: () => ['Look at which migrations are applied there, or say IF NOT EXISTS.'],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN label text' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN IF NOT EXISTS label text' },
});
