import type { DropStmt, ViewStmt } from 'libpg-query';
import { losesRights, lostColumns } from '../following';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const loseViewColumn = rule<DropStmt | ViewStmt>({
  id: 'lose-view-column',
  on: ['DropStmt:OBJECT_VIEW', 'DropStmt:OBJECT_MATVIEW'],
  condition:
    'DROP VIEW that the same file creates again without one of its columns, or without granting its rights',
  matches: (s) => lostColumns(s).length > 0 || losesRights(s),
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `replacing view ${relation}`,
  because: (s) =>
    lostColumns(s).length > 0
      ? `statements that name ${lostColumns(s).join(', ')} fail`
      : 'the rights on it go with it and are not granted again',
  remedy: (s) =>
    lostColumns(s).length > 0
      ? [`Keep ${lostColumns(s).join(', ')} in ${s.relation} until no version that reads it runs.`]
      : [
          'Grant again in the same transaction what its roles had.',
          `GRANT <…> ON ${sqlName(s.relation)} TO <…>;`,
        ],
  unsafe: {
    sql: 'DROP VIEW customer_names; CREATE VIEW customer_names AS SELECT id FROM customers; GRANT ALL ON customer_names TO app',
  },
  safe: {
    sql: 'DROP VIEW customer_names; CREATE VIEW customer_names AS SELECT id, name FROM customers; GRANT ALL ON customer_names TO app',
  },
});
