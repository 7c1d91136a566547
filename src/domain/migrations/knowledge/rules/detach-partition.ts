import type { AlterTableCmd } from 'libpg-query';
import { attached, isConcurrentDetach, locksToDetach } from '../partitions';
import { on, only, rule } from '../rule';
import { OUTSIDE, sqlName } from '../wording';

export const detachPartition = rule<AlterTableCmd>({
  id: 'detach-partition',
  on: ['AT_DetachPartition'],
  condition: 'DETACH PARTITION',
  matches: ({ node }) => !isConcurrentDetach(node),
  effect: {
    locks: (s) => [
      ...only('ACCESS EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', attached(s)),
      ...locksToDetach(s),
    ],
    breaks: 'yes',
  },
  says: (s) => `detaching ${attached(s)[0]} from ${s.relation}`,
  because: (s) => `the rows of ${attached(s)[0]} are gone from ${s.relation}`,
  remedy: (s) => [
    `Do it once no version needs the rows of ${attached(s)[0]}.`,
    `ALTER TABLE ${sqlName(s.relation)} DETACH PARTITION ${sqlName(attached(s)[0]!)} CONCURRENTLY;`,
    OUTSIDE,
  ],
  unsafe: { sql: 'ALTER TABLE readings DETACH PARTITION readings_2025' },
  safe: { sql: "COMMENT ON TABLE readings_2025 IS 'deprecated'" },
});
