import type { Node } from 'libpg-query';
import { own, rule } from '../rule';
import { leavesAllRows, leavesManyRows, mergesList, mergesNothing, readsWhole } from '../where';

export const writeRowsByScan = rule<{ whereClause?: Node; joinCondition?: Node }>({
  id: 'write-rows-by-scan',
  on: ['UpdateStmt', 'DeleteStmt', 'MergeStmt'],
  condition:
    'UPDATE, DELETE or MERGE of some rows that no index finds: slow where the transaction keeps others out already',
  matches: (s) =>
    s.form === 'MergeStmt'
      ? mergesNothing(s) || (mergesList(s) && readsWhole(s))
      : !leavesAllRows(s) && !leavesManyRows(s) && readsWhole(s),
  effect: { locks: own('ROW EXCLUSIVE'), scan: true, slow: true },
  says: ({ relation }) => `looking for some rows of ${relation} without an index`,
  remedy: ({ relation }) => [`Look for them by a key of ${relation}.`],
  safe: {
    sql: "UPDATE items SET label = 'x' WHERE label IN (SELECT label FROM items ORDER BY label LIMIT 5)",
  },
});
