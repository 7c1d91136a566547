import type { AlterEnumStmt } from 'libpg-query';
import { usedAtOnce } from '../following';
import { noLocks, rule } from '../rule';

export const addEnumValue = rule<AlterEnumStmt>({
  id: 'add-enum-value',
  on: ['AlterEnumStmt'],
  condition: 'ALTER TYPE … ADD VALUE',
  matches: (s) => s.node.oldVal === undefined && !usedAtOnce(s),
  effect: { locks: noLocks, breaks: 'conditional', reversible: false },
  says: ({ node }) => `adding the enum value '${node.newVal}'`,
  because: () => 'it may read a value it does not know',
  safe: { sql: "ALTER TYPE plan_kind ADD VALUE 'trial'" },
});
