import type { DropStmt } from 'libpg-query';
import { noLocks, rule } from '../rule';
import { isUsed } from '../users';

export const dropFunction = rule<DropStmt>({
  id: 'drop-function',
  on: [
    'DropStmt:OBJECT_FUNCTION',
    'DropStmt:OBJECT_PROCEDURE',
    'DropStmt:OBJECT_ROUTINE',
    'DropStmt:OBJECT_AGGREGATE',
  ],
  condition: 'DROP FUNCTION or PROCEDURE',
  matches: (s) => !isUsed(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `dropping function ${name}`,
  because: ({ name }) => `its calls of ${name} fail`,
  safe: { sql: 'DROP FUNCTION unused()' },
});
