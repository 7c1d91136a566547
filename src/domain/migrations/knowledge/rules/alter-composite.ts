import type { AlterTableStmt } from 'libpg-query';
import { noLocks, rule } from '../rule';
import { usersOfComposite } from '../users';

export const alterComposite = rule<AlterTableStmt>({
  id: 'alter-composite',
  on: ['AlterTableStmt:OBJECT_TYPE'],
  condition: 'ALTER TYPE … ATTRIBUTE of a type that no column and no function is known to have',
  matches: (s) => usersOfComposite(s).length === 0,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `changing the attributes of ${name}`,
  because: () => 'values that it makes or reads have other attributes',
  safe: { sql: 'ALTER TYPE unused_pair ADD ATTRIBUTE more text' },
});
