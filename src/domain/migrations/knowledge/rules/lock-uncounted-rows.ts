import type { SelectStmt } from 'libpg-query';
import { own, rule } from '../rule';
import { locksUncountedRows } from '../where';
import { sqlName } from '../wording';

export const lockUncountedRows = rule<SelectStmt>({
  id: 'lock-uncounted-rows',
  on: ['SelectStmt:Locking'],
  condition:
    'SELECT … FOR UPDATE, SHARE and the like whose WHERE may be true of few rows or of many: nobody has counted, or can count, what it names',
  matches: locksUncountedRows,
  effect: { locks: own('ROW SHARE'), scan: true, uncounted: true },
  says: ({ relation }) => `locking those rows of ${relation} that the query finds, be they few or many`,
  remedy: ({ relation }) => [
    'Count them on the database, or check with --database, which reads what ANALYZE has counted.',
    `SELECT count(*) FROM ${sqlName(relation)} WHERE <…>;`,
  ],
  safe: { sql: "SELECT FROM items WHERE starts_with(label, 'label99') FOR UPDATE" },
});
