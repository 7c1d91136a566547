import type { CopyStmt, Node, RangeVar } from 'libpg-query';
import { searched } from '../foreign-actions';
import { only, rule } from '../rule';
import { mergesNothing, readsWhole } from '../where';

export const writeRows = rule<{ relation?: RangeVar; whereClause?: Node }>({
  id: 'write-rows',
  on: ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt', 'CopyStmt'],
  condition: 'INSERT, or UPDATE and DELETE with WHERE',
  matches: (s) =>
    s.form === 'InsertStmt' ||
    (s.form === 'MergeStmt' && !mergesNothing(s)) ||
    (s.form === 'CopyStmt' && (s.node as CopyStmt).is_from === true) ||
    ('whereClause' in s.node && !readsWhole(s) && searched(s).length === 0),
  effect: { locks: only('ROW EXCLUSIVE') },
  says: ({ relation }) => `writing rows of ${relation}`,
  safe: { sql: "UPDATE items SET label = 'x' WHERE id = 1" },
});
