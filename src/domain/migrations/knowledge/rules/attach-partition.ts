import type { AlterTableCmd } from 'libpg-query';
import { attached, fitsByCheck } from '../partitions';
import { on, only, rule } from '../rule';

export const attachPartition = rule<AlterTableCmd>({
  id: 'attach-partition',
  on: ['AT_AttachPartition'],
  condition: 'ATTACH PARTITION of a table that no validated CHECK proves to fit',
  matches: (s) => !fitsByCheck(s),
  effect: {
    locks: (s) => [...only('SHARE UPDATE EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', attached(s))],
    reads: attached,
    scan: true,
  },
  says: (s) => `reading ${attached(s)[0]} to attach it to ${s.relation}`,
  remedy: (s) =>
    `ALTER TABLE ${attached(s)[0]} ADD CHECK (… the partition's bounds, and IS NOT NULL …) NOT VALID; VALIDATE it in the next migration; then ATTACH${s.table?.defaultPartition ? `; the same, reversed, on ${s.table.defaultPartition}` : ''}`,
  unsafe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
  },
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
