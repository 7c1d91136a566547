import type { AlterEnumStmt } from 'libpg-query';
import { ident, literal } from '../../names';
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
  remedy: ({ node }) => [
    'Add the value in a migration of its own, before this one.',
    `ALTER TYPE ${texts(node.typeName).map(ident).join('.')} ADD VALUE ${literal(node.newVal ?? '')};`,
  ],
  unsafe: {
    sql: "BEGIN; ALTER TYPE plan_kind ADD VALUE 'gold'; UPDATE customers SET plan = 'gold' WHERE id = 1; COMMIT",
  },
  safe: { sql: "ALTER TYPE plan_kind ADD VALUE 'gold'" },
});
