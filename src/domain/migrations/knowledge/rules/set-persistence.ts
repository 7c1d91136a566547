import type { AlterTableCmd } from 'libpg-query';
import { keepsStorage } from '../columns';
import { rule, whole } from '../rule';
import { sqlName } from '../wording';

export const setPersistence = rule<AlterTableCmd>({
  id: 'set-persistence',
  on: ['AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod', 'AT_SetTableSpace'],
  condition: 'SET LOGGED, UNLOGGED, ACCESS METHOD or TABLESPACE',
  matches: (s) => !keepsStorage(s),
  effect: { locks: whole('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: ({ relation }) => `writing ${relation} anew`,
  remedy: ({ relation }) =>
    `a new table with that setting, filled in batches, that takes the place of ${sqlName(relation)}`,
  unsafe: { sql: 'ALTER TABLE logs SET UNLOGGED' },
  safe: { sql: 'CREATE UNLOGGED TABLE logs_new (LIKE logs)' },
});
