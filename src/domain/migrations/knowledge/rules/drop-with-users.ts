import type { DropStmt } from 'libpg-query';
import { on, rule } from '../rule';
import { isUsedByTriggers, mayHaveUsers, tablesUsed, usersOf } from '../users';

export const dropWithUsers = rule<DropStmt>({
  id: 'drop-with-users',
  on: [
    'DropStmt:OBJECT_FUNCTION',
    'DropStmt:OBJECT_PROCEDURE',
    'DropStmt:OBJECT_ROUTINE',
    'DropStmt:OBJECT_AGGREGATE',
    'DropStmt:OBJECT_TYPE',
    'DropStmt:OBJECT_DOMAIN',
    'DropStmt:OBJECT_SEQUENCE',
    'DropStmt:OBJECT_EXTENSION',
  ],
  condition:
    'DROP … CASCADE of a function, type, sequence or extension that something uses, or nobody knows what',
  matches: (s) => s.node.behavior === 'DROP_CASCADE' && mayHaveUsers(s) && !isUsedByTriggers(s),
  effect: {
    locks: (s) => on('ACCESS EXCLUSIVE', tablesUsed(s)),
    breaks: 'yes',
    reversible: false,
    losesData: true,
  },
  says: (s) => `dropping ${s.name} with ${usersOf(s).join(', ') || 'all that uses it'}`,
  because: () => 'columns, defaults, triggers and views go with it, and so do their data',
  remedy: (s) => [
    `First drop or change ${usersOf(s).join(', ') || 'what uses it'} in statements of their own, then drop it without CASCADE.`,
  ],
  unsafe: { sql: 'DROP TYPE plan_kind CASCADE' },
  safe: { sql: 'DROP TYPE unused_kind' },
});
