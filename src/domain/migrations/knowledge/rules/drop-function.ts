import type { DropStmt } from 'libpg-query';
import { always, noLocks, nothing, rule } from '../rule';

export const dropFunction = rule<DropStmt>({
  id: 'drop-function',
  on: [
    'DropStmt:OBJECT_FUNCTION',
    'DropStmt:OBJECT_PROCEDURE',
    'DropStmt:OBJECT_ROUTINE',
    'DropStmt:OBJECT_AGGREGATE',
  ],
  condition: 'DROP FUNCTION or PROCEDURE',
  matches: always,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `dropping function ${name}`,
  because: ({ name }) => `its calls of ${name} fail`,
  remedy: nothing,
  safe: { sql: 'DROP FUNCTION unused()' },
});
