import type { AlterTableCmd } from 'libpg-query';
import { locksToAttach, partitionOf, readToAttach, unfit } from '../partitions';
import { only, rule } from '../rule';

export const attachPartitionProven = rule<AlterTableCmd>({
  id: 'attach-partition-proven',
  on: ['AT_AttachPartition'],
  condition:
    "ATTACH PARTITION of a table with a validated CHECK of the bounds and the parent's keys and indexes",
  matches: (s) => unfit(s) === undefined && readToAttach(s).length === 0,
  effect: { locks: (s) => [...only('SHARE UPDATE EXCLUSIVE')(s), ...locksToAttach(s)] },
  says: (s) => `attaching ${partitionOf(s)} to ${s.relation}`,
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
