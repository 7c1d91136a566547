import type { DropStmt } from 'libpg-query';
import { indexOf, isLivingKey } from '../keys';
import { on, rule } from '../rule';
import { dropsLater, indexNamed, OUTSIDE, sqlName } from '../wording';

export const dropUniqueIndex = rule<DropStmt>({
  id: 'drop-unique-index',
  on: ['DropStmt:OBJECT_INDEX'],
  condition:
    'DROP INDEX of a unique index, without another one on the same columns before or in the same transaction',
  matches: isLivingKey,
  effect: {
    locks: ({ relation, node }) =>
      on(node.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', [relation]),
    breaks: 'yes',
  },
  says: (s) => `dropping unique ${indexNamed(s)}`,
  because: (s) =>
    `its ON CONFLICT (${indexOf(s)?.columns.join(', ')}) finds no index, and duplicates are let in`,
  remedy: ({ name }) => [dropsLater(name), `DROP INDEX CONCURRENTLY ${sqlName(name)};`, OUTSIDE],
  unsafe: { sql: 'DROP INDEX items_sku_idx' },
  safe: {
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY items_sku_two ON items (sku); DROP INDEX CONCURRENTLY items_sku_idx',
  },
});
