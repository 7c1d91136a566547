import type { AlterTableCmd } from 'libpg-query';
import { made } from '../../names';
import { locksToAttach, partitionOf, readToAttach, unfit } from '../partitions';
import { bare, only, rule } from '../rule';
import { checksLater } from '../wording';

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
  remedy: (s) => [
    'Let a validated CHECK say that the rows lie inside of the bounds, and that no key is NULL.',
    ...checksLater(partitionOf(s), made(bare(partitionOf(s)), 'bounds', 'check')),
    'Build the indexes of the parent on it CONCURRENTLY, and add its foreign keys NOT VALID.',
    ...(s.table?.defaultPartition
      ? [
          'Let one say that the rows of the default partition lie outside of the bounds.',
          ...checksLater(s.table.defaultPartition, made(bare(s.table.defaultPartition), 'outside', 'check')),
        ]
      : []),
    'Then attach it.',
  ],
  unsafe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
  },
  safe: {
    sql: "ALTER TABLE readings ATTACH PARTITION readings_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
});
