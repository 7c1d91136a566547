import type { AlterTableCmd } from 'libpg-query';
import { attached, fitsByCheck } from '../partitions';
import { nothing, on, only, rule } from '../rule';

export const attachPartitionProven = rule<AlterTableCmd>({
  id: 'attach-partition-proven',
  on: ['AT_AttachPartition'],
  condition: 'ATTACH PARTITION of a table with a validated CHECK on the key, and no default partition',
  matches: fitsByCheck,
  effect: { locks: (s) => [...only('SHARE UPDATE EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', attached(s))] },
  says: (s) => `attaching ${attached(s)[0]} to ${s.relation}`,
  remedy: nothing,
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
