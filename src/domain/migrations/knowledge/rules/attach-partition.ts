import type { AlterTableCmd } from 'libpg-query';
import { locksToAttach, partitionOf, readToAttach, unfit } from '../partitions';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const attachPartition = rule<AlterTableCmd>({
  id: 'attach-partition',
  on: ['AT_AttachPartition'],
  condition:
    'ATTACH PARTITION of a table that no validated CHECK proves to fit, that lacks a foreign key or an index of the parent, or beside a default partition that no CHECK proves to be without its rows',
  matches: (s) => unfit(s) === undefined && readToAttach(s).length > 0,
  effect: {
    locks: (s) => [...only('SHARE UPDATE EXCLUSIVE')(s), ...locksToAttach(s)],
    reads: readToAttach,
    scan: true,
  },
  says: (s) => `reading ${readToAttach(s).join(' and ')} to attach ${partitionOf(s)} to ${s.relation}`,
  remedy: (s) => {
    const own = `ALTER TABLE ${sqlName(partitionOf(s))} ADD CHECK (<the bounds, and the key IS NOT NULL>) NOT VALID; VALIDATE it in the next migration; make the parent's indexes and foreign keys on it, concurrently and NOT VALID; then ATTACH`;
    const rest = s.table?.defaultPartition;
    return rest
      ? `${own}; on ${sqlName(rest)} a CHECK that its rows lie outside the bounds, in the same way`
      : own;
  },
  unsafe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
  },
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
