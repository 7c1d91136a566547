import type { DropStmt } from 'libpg-query';
import { noLocks, rule } from '../rule';
import { usersOf } from '../users';

export const dropUsed = rule<DropStmt>({
  id: 'drop-used',
  on: [
    'DropStmt:OBJECT_FUNCTION',
    'DropStmt:OBJECT_PROCEDURE',
    'DropStmt:OBJECT_ROUTINE',
    'DropStmt:OBJECT_TYPE',
    'DropStmt:OBJECT_DOMAIN',
    'DropStmt:OBJECT_SEQUENCE',
  ],
  condition: 'DROP without CASCADE of a function, type or sequence that triggers, columns or defaults use',
  matches: (s) => s.node.behavior !== 'DROP_CASCADE' && usersOf(s).length > 0,
  effect: { locks: noLocks, fails: true },
  says: (s) => `dropping ${s.name}, which ${usersOf(s).join(', ')} uses,`,
  remedy: (s) => [`Drop or change ${usersOf(s).join(', ')} first.`],
  unsafe: { sql: 'DROP FUNCTION touch()' },
  safe: { sql: 'DROP FUNCTION unused()' },
});
