import type { DropStmt } from 'libpg-query';
import { tablesIn } from '../keys';
import { always, on, rule } from '../rule';
import { dropsLater } from '../wording';

export const dropSchema = rule<DropStmt>({
  id: 'drop-schema',
  on: ['DropStmt:OBJECT_SCHEMA'],
  condition: 'DROP SCHEMA',
  matches: always,
  effect: {
    locks: (s) => (s.node.behavior === 'DROP_CASCADE' ? on('ACCESS EXCLUSIVE', tablesIn(s)) : []),
    breaks: 'yes',
    reversible: false,
    losesData: true,
  },
  says: ({ name }) => `dropping schema ${name}`,
  because: ({ name }) => `every statement that names something in ${name} fails`,
  remedy: ({ name }) => [dropsLater(name)],
  unsafe: { sql: 'DROP SCHEMA archive CASCADE' },
  safe: { sql: "COMMENT ON SCHEMA archive IS 'deprecated'" },
});
