import type { LockStmt } from 'libpg-query';
import { lockModes } from '../../types';
import { always, own, rule } from '../rule';

export const lockTable = rule<LockStmt>({
  id: 'lock-table',
  on: ['LockStmt'],
  condition: 'LOCK TABLE',
  matches: always,
  effect: { locks: (s) => own(lockModes[(s.node.mode ?? lockModes.length) - 1]!)(s) },
  says: ({ relation }) => `locking ${relation}`,
  safe: { sql: 'LOCK TABLE items IN SHARE MODE' },
});
