import { noLocks, rule } from '../rule';
import { unfitSetting } from '../settings';

export const settingUnfit = rule({
  id: 'setting-unfit',
  on: [
    'AT_SetRelOptions',
    'AT_ResetRelOptions',
    'AT_SetOptions',
    'AT_ResetOptions',
    'AlterTableStmt:OBJECT_INDEX',
    'AlterTableStmt:OBJECT_VIEW',
    'CreateStmt',
    'CreateTableAsStmt',
    'ViewStmt',
    'IndexStmt',
  ],
  condition:
    'WITH (…) or SET (…) of a setting that there is not, twice, with a value that it cannot have, or of a partitioned table or index',
  matches: (s) => unfitSetting(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `writing settings where ${unfitSetting(s)}`,
  remedy: () => [
    'Look at the list of storage parameters on the page of CREATE TABLE, CREATE INDEX or CREATE VIEW.',
  ],
  unsafe: { sql: 'ALTER TABLE items SET (fillfactor = 5)' },
  safe: { sql: 'ALTER TABLE items SET (fillfactor = 80)' },
});
