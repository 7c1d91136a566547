import type { AlterEnumStmt } from 'libpg-query';
import { texts } from '../../syntax';
import { usedAtOnce } from '../following';
import { noLocks, rule } from '../rule';

export const addEnumValueUsed = rule<AlterEnumStmt>({
  id: 'add-enum-value-used',
  on: ['AlterEnumStmt'],
  condition: 'ALTER TYPE … ADD VALUE that a later statement of the same transaction uses',
  matches: (s) => s.node.oldVal === undefined && usedAtOnce(s),
  effect: { locks: noLocks, breaks: 'conditional', reversible: false, fails: true },
  says: ({ node }) => `using the new enum value '${node.newVal}' in the transaction that adds it`,
  because: () => 'it may read a value it does not know',
  remedy: ({ node }) =>
    `put ALTER TYPE ${texts(node.typeName).join('.')} ADD VALUE '${node.newVal}' into a migration of its own, before this one`,
  unsafe: {
    sql: "BEGIN; ALTER TYPE plan_kind ADD VALUE 'gold'; UPDATE customers SET plan = 'gold' WHERE id = 1; COMMIT",
  },
  safe: { sql: "ALTER TYPE plan_kind ADD VALUE 'gold'" },
});
