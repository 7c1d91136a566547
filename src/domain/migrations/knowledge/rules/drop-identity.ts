import type { AlterTableCmd } from 'libpg-query';
import { defaultComesBack } from '../following';
import { own, rule } from '../rule';
import { setsDefault } from '../wording';

export const dropIdentity = rule<AlterTableCmd>({
  id: 'drop-identity',
  on: ['AT_DropIdentity'],
  condition: 'DROP IDENTITY, and no default in the same transaction',
  matches: (s) => !defaultComesBack(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes', reversible: false },
  says: ({ name, relation }) => `taking the numbers of ${name} of ${relation} away`,
  because: ({ name }) => `its inserts that leave ${name} out fail, because it is NOT NULL`,
  remedy: ({ name, relation }) => [
    'Set a default in the same transaction.',
    setsDefault(relation, name),
    `Or first release a version that always writes ${name}.`,
  ],
  unsafe: { sql: 'ALTER TABLE parcels ALTER COLUMN id DROP IDENTITY' },
  safe: { sql: 'ALTER TABLE parcels ALTER COLUMN id SET INCREMENT BY 2' },
});
