import type { AlterEnumStmt } from 'libpg-query';
import { ident, literal } from '../../names';
import { texts } from '../../syntax';
import { noLocks, rule } from '../rule';
import { isEnumUsed } from '../users';

export const renameEnumValue = rule<AlterEnumStmt>({
  id: 'rename-enum-value',
  on: ['AlterEnumStmt'],
  condition: 'ALTER TYPE … RENAME VALUE',
  matches: (s) => s.node.oldVal !== undefined && isEnumUsed(s),
  effect: { locks: noLocks, breaks: 'yes' },
  says: ({ node }) => `renaming the enum value '${node.oldVal}' to '${node.newVal}'`,
  because: ({ node }) =>
    `statements that write or compare '${node.oldVal}' fail, and it reads a value it does not know`,
  remedy: ({ node }) => [
    'Add the new value in a migration of its own.',
    `ALTER TYPE ${texts(node.typeName).map(ident).join('.')} ADD VALUE ${literal(node.newVal ?? '')};`,
    'Move the rows in batches once no version that knows only the old value runs.',
  ],
  unsafe: { sql: "ALTER TYPE plan_kind RENAME VALUE 'free' TO 'gratis'" },
  safe: { sql: "ALTER TYPE plan_kind ADD VALUE 'gratis'" },
});
