import type { CreateStmt } from 'libpg-query';
import { unfitTable } from '../merging';
import { noLocks, rule } from '../rule';

export const tableUnfit = rule<CreateStmt>({
  id: 'table-unfit',
  on: ['CreateStmt'],
  condition:
    'CREATE TABLE with a column twice; INHERITS with another type of a column, of two parents that do not go together, of a view, a partition or a temporary table; PARTITION OF with a column that the parent has not',
  matches: (s) => unfitTable(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making ${s.relation} where ${unfitTable(s)}`,
  remedy: () => ['Write each column once, as the tables have it that it comes from.'],
  unsafe: { sql: 'CREATE TABLE halls (name int) INHERITS (places)' },
  safe: { sql: 'CREATE TABLE halls (seats int) INHERITS (places)' },
});
