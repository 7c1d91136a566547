import type { DropStmt } from 'libpg-query';
import { always, noLocks, nothing, rule } from '../rule';

export const dropType = rule<DropStmt>({
  id: 'drop-type',
  on: [
    'DropStmt:OBJECT_TYPE',
    'DropStmt:OBJECT_DOMAIN',
    'DropStmt:OBJECT_SEQUENCE',
    'DropStmt:OBJECT_EXTENSION',
  ],
  condition: 'DROP TYPE, DOMAIN, SEQUENCE or EXTENSION',
  matches: always,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: ({ name }) => `dropping ${name}`,
  because: ({ name }) => `casts to it and calls that need ${name} fail`,
  remedy: nothing,
  safe: { sql: 'DROP TYPE unused_kind' },
});
