import type { DropStmt } from 'libpg-query';
import { on, rule } from '../rule';
import { isUsed } from '../users';

export const dropType = rule<DropStmt>({
  id: 'drop-type',
  on: [
    'DropStmt:OBJECT_TYPE',
    'DropStmt:OBJECT_DOMAIN',
    'DropStmt:OBJECT_SEQUENCE',
    'DropStmt:OBJECT_EXTENSION',
  ],
  condition: 'DROP TYPE, DOMAIN, SEQUENCE or EXTENSION',
  matches: (s) => !isUsed(s),
  effect: {
    locks: ({ form, name }) => (form.endsWith('SEQUENCE') ? on('ACCESS EXCLUSIVE', [name]) : []),
    breaks: 'conditional',
  },
  says: ({ name }) => `dropping ${name}`,
  because: ({ name }) => `casts to it and calls that need ${name} fail`,
  safe: { sql: 'DROP TYPE unused_kind' },
});
