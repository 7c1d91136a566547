import { unfitPartition } from '../partition-bounds';
import { noLocks, rule } from '../rule';

export const partitionUnfit = rule({
  id: 'partition-unfit',
  on: ['CreateStmt', 'AT_AttachPartition'],
  condition:
    'PARTITION OF or ATTACH PARTITION with bounds that another partition has, that hold nothing, or that do not fit the key; of what is not partitioned, or of a table that is a partition or an heir already',
  matches: (s) => unfitPartition(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making a partition where ${unfitPartition(s)}`,
  remedy: () => ['Look at the partitions that are there, and choose other bounds.'],
  unsafe: {
    sql: "CREATE TABLE readings_late PARTITION OF readings FOR VALUES FROM ('2026-07-01') TO ('2027-07-01')",
  },
  safe: {
    sql: "CREATE TABLE readings_2029 PARTITION OF readings FOR VALUES FROM ('2029-01-01') TO ('2030-01-01')",
  },
});
