import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { isFreeChange, isHeld, rebuiltIndexes } from '../columns';
import { linked } from '../keys';
import { bare, on, own, rule } from '../rule';
import { oneLine, sqlName } from '../wording';

export const changeTypeReindexed = rule<AlterTableCmd>({
  id: 'change-type-reindexed',
  on: ['AT_AlterColumnType'],
  condition:
    'ALTER COLUMN TYPE that writes no row, of a column in a partial index or one on an expression, of an array in a GIN index, or with another collation or order in any index',
  matches: (s) => isFreeChange(s) && rebuiltIndexes(s).length > 0 && !isHeld(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    scan: true,
    breaks: 'conditional',
  },
  says: (s) =>
    `building ${rebuiltIndexes(s).join(', ')} of ${s.relation} anew, because ${s.name} gets another type,`,
  because: () => 'named prepared statements that return the column fail',
  remedy: (s) => [
    ...rebuiltIndexes(s).map((index) => `DROP INDEX CONCURRENTLY ${sqlName(index)};`),
    `${oneLine(s.statement)};`,
    ...rebuiltIndexes(s).map(
      (index) => `CREATE INDEX CONCURRENTLY ${ident(bare(index))} ON ${sqlName(s.relation)} (<…>);`,
    ),
    `ANALYZE ${sqlName(s.relation)};`,
    'What is CONCURRENTLY runs outside of a transaction.',
  ],
  unsafe: { sql: 'ALTER TABLE parcels ALTER COLUMN label TYPE text' },
  safe: { sql: 'DROP INDEX CONCURRENTLY parcels_label_idx' },
});
