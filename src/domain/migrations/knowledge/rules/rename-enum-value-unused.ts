import type { AlterEnumStmt } from 'libpg-query';
import { noLocks, rule } from '../rule';
import { isEnumUsed } from '../users';

export const renameEnumValueUnused = rule<AlterEnumStmt>({
  id: 'rename-enum-value-unused',
  on: ['AlterEnumStmt'],
  condition: 'ALTER TYPE … RENAME VALUE of a type that no column has, or that the release itself makes',
  matches: (s) => s.node.oldVal !== undefined && !isEnumUsed(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ node }) => `renaming the value '${node.oldVal}' of a type that no column has`,
  because: ({ node }) => `casts of '${node.oldVal}' to the type fail`,
  safe: { sql: "ALTER TYPE unused_kind RENAME VALUE 'a' TO 'b'" },
});
