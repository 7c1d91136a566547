import type { DropStmt } from 'libpg-query';
import { comesBack, losesRights, lostColumns } from '../following';
import { only, rule } from '../rule';

export const replaceView = rule<DropStmt>({
  id: 'replace-view',
  on: ['DropStmt:OBJECT_VIEW', 'DropStmt:OBJECT_MATVIEW'],
  condition: 'DROP VIEW that the same file creates again',
  matches: (s) => comesBack(s) && lostColumns(s).length === 0 && !losesRights(s),
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `replacing view ${relation}`,
  because: () => 'it needs the same columns, and its rights granted again',
  safe: {
    sql: 'DROP VIEW customer_names; CREATE VIEW customer_names AS SELECT id, name, email FROM customers; GRANT ALL ON customer_names TO app',
  },
});
