import type { AlterTableCmd } from 'libpg-query';
import { keepsStorage } from '../columns';
import { rule, whole } from '../rule';

export const keepStorage = rule<AlterTableCmd>({
  id: 'keep-storage',
  on: ['AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod', 'AT_SetTableSpace'],
  condition: 'SET LOGGED, UNLOGGED, ACCESS METHOD or TABLESPACE of a table that is so already',
  matches: keepsStorage,
  effect: { locks: whole('ACCESS EXCLUSIVE') },
  says: ({ relation }) => `storing ${relation} as it is stored already`,
  safe: { sql: 'ALTER TABLE logs SET LOGGED' },
});
