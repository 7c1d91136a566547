import type { AlterTableCmd } from 'libpg-query';
import { unfitHeir } from '../inheritance';
import { noLocks, rule } from '../rule';

export const inheritUnfit = rule<AlterTableCmd>({
  id: 'inherit-unfit',
  on: ['AT_AddInherit'],
  condition:
    'INHERIT by a table without a column, a NOT NULL or a CHECK of the parent, with another type, a second time, of itself',
  matches: (s) => unfitHeir(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `letting ${s.relation} inherit where ${unfitHeir(s)}`,
  remedy: () => ['Make the table like its parent first.'],
  unsafe: { sql: 'ALTER TABLE items INHERIT logs' },
  safe: { sql: 'CREATE TABLE halls (LIKE places); ALTER TABLE halls INHERIT places' },
});
