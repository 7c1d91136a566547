import type { AlterTableCmd } from 'libpg-query';
import { always, own, rule } from '../rule';

export const dropNotNull = rule<AlterTableCmd>({
  id: 'drop-not-null',
  on: ['AT_DropNotNull'],
  condition: 'DROP NOT NULL',
  matches: always,
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `letting NULL into ${name} of ${relation}`,
  because: () => 'it may read a NULL that the new version wrote',
  safe: { sql: 'ALTER TABLE customers ALTER COLUMN email DROP NOT NULL' },
});
