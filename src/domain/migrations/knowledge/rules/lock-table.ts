import type { LockStmt } from 'libpg-query';
import { lockModes } from '../../types';
import { always, on, own, rule, type Subject } from '../rule';

/** LOCK of a view locks what it reads as well. */
const readBy = ({ catalog, relation, table }: Subject): string[] =>
  table?.kind === 'view'
    ? [...catalog.tables.values()].flatMap(({ name, views }) =>
        views.some((view) => view.name === relation) ? name : [],
      )
    : [];

export const lockTable = rule<LockStmt>({
  id: 'lock-table',
  on: ['LockStmt'],
  condition: 'LOCK TABLE',
  matches: always,
  effect: {
    locks(s) {
      const mode = lockModes[(s.node.mode ?? lockModes.length) - 1]!;
      return [...own(mode)(s), ...on(mode, readBy(s))];
    },
  },
  says: ({ relation }) => `locking ${relation}`,
  safe: { sql: 'LOCK TABLE items IN SHARE MODE' },
});
