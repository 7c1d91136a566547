import type { AlterTableCmd } from 'libpg-query';
import { attached, isConcurrentDetach, locksToDetach } from '../partitions';
import { on, only, rule } from '../rule';

export const detachPartitionConcurrently = rule<AlterTableCmd>({
  id: 'detach-partition-concurrently',
  on: ['AT_DetachPartition'],
  condition: 'DETACH PARTITION … CONCURRENTLY',
  matches: ({ node }) => isConcurrentDetach(node),
  effect: {
    locks: (s) => [
      ...only('SHARE UPDATE EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', attached(s)),
      ...locksToDetach(s),
    ],
    breaks: 'yes',
  },
  says: (s) => `detaching ${attached(s)[0]} from ${s.relation} beside the traffic`,
  because: (s) => `the rows of ${attached(s)[0]} are gone from ${s.relation}`,
  remedy: (s) => [`Do it once no version needs the rows of ${attached(s)[0]}.`],
  unsafe: { sql: 'ALTER TABLE readings DETACH PARTITION readings_2025 CONCURRENTLY' },
  safe: { sql: "COMMENT ON TABLE readings_2025 IS 'deprecated'" },
});
