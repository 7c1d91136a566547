import { inheritsPartitioned } from '../inheritance';
import { noLocks, rule } from '../rule';

export const inheritPartitioned = rule({
  id: 'inherit-partitioned',
  on: ['CreateStmt', 'AT_AddInherit'],
  condition: 'INHERITS or INHERIT of a partitioned table',
  matches: inheritsPartitioned,
  effect: { locks: noLocks, fails: true },
  says: ({ relation }) => `letting ${relation} inherit from a partitioned table`,
  remedy: () => ['Make it a partition.', 'CREATE TABLE <…> PARTITION OF <…> FOR VALUES FROM (<…>) TO (<…>);'],
  unsafe: { sql: 'CREATE TABLE readings_of_ours () INHERITS (readings)' },
  safe: { sql: 'CREATE TABLE halls () INHERITS (places)' },
});
