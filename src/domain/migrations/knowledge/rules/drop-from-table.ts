import type { DropStmt } from 'libpg-query';
import { isMissed } from '../policies';
import { rule, whole } from '../rule';
import { leavesViewUnwritten } from './drop-instead';

export const dropFromTable = rule<DropStmt>({
  id: 'drop-from-table',
  on: ['DropStmt:OBJECT_TRIGGER', 'DropStmt:OBJECT_POLICY', 'DropStmt:OBJECT_RULE'],
  condition: 'DROP TRIGGER, POLICY or RULE',
  matches: (s) => !isMissed(s) && (s.form.endsWith('POLICY') || !leavesViewUnwritten(s)),
  effect: { locks: whole('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ name, relation }) => `dropping ${name} of ${relation}`,
  because: ({ name }) => `its writes run without ${name}`,
  safe: { sql: 'DROP TRIGGER items_touch ON items' },
});
