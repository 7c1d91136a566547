import type { AlterTableStmt } from 'libpg-query';
import { movesIndex } from '../keys';
import { only, rule } from '../rule';
import { indexNamed, OUTSIDE, sqlName } from '../wording';

export const moveIndex = rule<AlterTableStmt>({
  id: 'move-index',
  on: ['AlterTableStmt:OBJECT_INDEX'],
  condition: 'ALTER INDEX … SET TABLESPACE: who plans a query of the table waits for the index',
  matches: movesIndex,
  effect: { locks: only('ACCESS EXCLUSIVE'), rewrite: true },
  says: (s) => `writing ${indexNamed(s)} into another place`,
  remedy: ({ name, relation }) => [
    `CREATE INDEX CONCURRENTLY <…> ON ${sqlName(relation)} (<…>) TABLESPACE <…>;`,
    `DROP INDEX CONCURRENTLY ${sqlName(name)};`,
    OUTSIDE,
  ],
  unsafe: { sql: 'ALTER INDEX customers_name_idx SET TABLESPACE elsewhere' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY customers_name_two ON customers (name)' },
});
