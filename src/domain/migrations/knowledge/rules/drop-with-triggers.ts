import type { DropStmt } from 'libpg-query';
import { on, rule } from '../rule';
import { isUsedByTriggers, tablesUsed, usersOf } from '../users';

export const dropWithTriggers = rule<DropStmt>({
  id: 'drop-with-triggers',
  on: ['DropStmt:OBJECT_FUNCTION', 'DropStmt:OBJECT_ROUTINE'],
  condition: 'DROP FUNCTION … CASCADE of one that only triggers call',
  matches: (s) => s.node.behavior === 'DROP_CASCADE' && isUsedByTriggers(s),
  effect: { locks: (s) => on('ACCESS EXCLUSIVE', tablesUsed(s)), breaks: 'conditional' },
  says: (s) => `dropping ${s.name} with ${usersOf(s).join(', ')}`,
  because: () => 'its writes run without the triggers',
  safe: { sql: 'DROP FUNCTION touch() CASCADE' },
});
