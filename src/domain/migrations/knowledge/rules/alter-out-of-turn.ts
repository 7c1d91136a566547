import { noLocks, rule } from '../rule';

export const alterOutOfTurn = rule({
  id: 'alter-out-of-turn',
  on: ['Early', 'Late', 'Twice'],
  condition:
    'a part of ALTER TABLE that PostgreSQL does before the same statement adds its column, or after it has dropped what it names; another tablespace or access method twice, two keys of one index',
  matches: () => true,
  effect: { locks: noLocks, fails: true },
  says: ({ relation, name, form }) =>
    form === 'Twice'
      ? `changing the same of ${relation} twice in one statement`
      : `changing ${name} of ${relation} in the statement that ${form === 'Early' ? 'adds' : 'drops'} it`,
  remedy: ({ form }) => [
    form === 'Early' ? 'Give the part a statement of its own behind it.' : 'Leave the part out.',
  ],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN weight int NOT NULL DEFAULT 5, ALTER COLUMN weight DROP DEFAULT',
  },
  safe: { sql: 'ALTER TABLE items ADD COLUMN weight int DEFAULT 5, ALTER COLUMN weight SET DEFAULT 6' },
});
