import type { Node } from 'libpg-query';
import { only, rule } from '../rule';
import { leavesUncountedRows } from '../where';
import { sqlName } from '../wording';

export const writeUncountedRows = rule<{ whereClause?: Node }>({
  id: 'write-uncounted-rows',
  on: ['UpdateStmt', 'DeleteStmt'],
  condition:
    'UPDATE or DELETE whose WHERE may be true of few rows or of many: no key, and nobody has counted, or can count, what it names',
  matches: leavesUncountedRows,
  effect: { locks: only('ROW EXCLUSIVE'), uncounted: true },
  says: ({ relation }) =>
    `how many rows of ${relation} the condition leaves, which nobody else can write until it is done`,
  remedy: ({ relation }) => [
    'Count them on the database, or check with --database, which reads what ANALYZE has counted.',
    `SELECT count(*) FROM ${sqlName(relation)} WHERE <…>;`,
  ],
  safe: { sql: "UPDATE items SET label = 'x' WHERE starts_with(label, 'label99')" },
});
