import type { AlterTableCmd } from 'libpg-query';
import { repeatsKey } from '../keys';
import { own, rule } from '../rule';
import { setsDefault } from '../wording';

export const defaultForKey = rule<AlterTableCmd>({
  id: 'default-for-key',
  on: ['AT_ColumnDefault'],
  condition:
    'SET DEFAULT of one value for all rows on a column that is a key by itself and had another default',
  matches: repeatsKey,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) =>
    `setting one default for every row in ${name} of ${relation}, which is a key,`,
  because: ({ name }) => `its inserts that leave ${name} out get a value that a row has already`,
  remedy: ({ name, relation }) => [
    'Let a sequence give each row its own.',
    setsDefault(relation, name, "nextval('<…>')"),
  ],
  unsafe: { sql: 'ALTER TABLE tickets ALTER COLUMN id SET DEFAULT 7' },
  safe: { sql: "ALTER TABLE tickets ALTER COLUMN id SET DEFAULT nextval('ticket_numbers')" },
});
