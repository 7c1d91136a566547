import type { AlterTableCmd } from 'libpg-query';
import { keepsStorage } from '../columns';
import { rule, whole } from '../rule';
import { tableBeside } from '../wording';

export const setPersistence = rule<AlterTableCmd>({
  id: 'set-persistence',
  on: ['AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod', 'AT_SetTableSpace'],
  condition: 'SET LOGGED, UNLOGGED, ACCESS METHOD or TABLESPACE',
  matches: (s) => !keepsStorage(s),
  effect: { locks: whole('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: ({ relation }) => `writing ${relation} anew`,
  remedy: ({ relation }) => [tableBeside(relation, 'that setting')],
  unsafe: { sql: 'ALTER TABLE logs SET UNLOGGED' },
  safe: { sql: 'CREATE UNLOGGED TABLE logs_new (LIKE logs)' },
});
