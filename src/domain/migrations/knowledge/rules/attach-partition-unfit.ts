import type { AlterTableCmd } from 'libpg-query';
import { partitionOf, unfit } from '../partitions';
import { noLocks, rule } from '../rule';

export const attachPartitionUnfit = rule<AlterTableCmd>({
  id: 'attach-partition-unfit',
  on: ['AT_AttachPartition'],
  condition:
    'ATTACH PARTITION of a table with an identity column (17), another column, or without a CHECK or NOT NULL of the parent',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `attaching ${partitionOf(s)} to ${s.relation}, where ${unfit(s)},`,
  remedy: (s) => [`Make ${partitionOf(s)} like ${s.relation} first.`],
  unsafe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_open FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
  },
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
