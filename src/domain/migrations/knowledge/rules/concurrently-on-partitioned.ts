import type { Node } from 'libpg-query';
import { refusedOnPartitioned } from '../partitions';
import { noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const concurrentlyOnPartitioned = rule<{ concurrent?: boolean; params?: Node[]; isView?: boolean }>({
  id: 'concurrently-on-partitioned',
  on: ['IndexStmt', 'DropStmt:OBJECT_INDEX', 'AT_ClusterOn', 'AT_DropCluster'],
  condition: 'CREATE or DROP INDEX CONCURRENTLY, or CLUSTER, on a partitioned table',
  matches: refusedOnPartitioned,
  effect: { locks: noLocks, fails: true },
  says: ({ form, relation }) =>
    `${form.startsWith('AT_') ? 'CLUSTER' : 'CONCURRENTLY'} on partitioned table ${relation}`,
  remedy: ({ form, relation, name }) =>
    form === 'IndexStmt'
      ? `CREATE INDEX ${sqlName(name)} ON ONLY ${sqlName(relation)} (…); CREATE INDEX CONCURRENTLY on each partition; ALTER INDEX ${sqlName(name)} ATTACH PARTITION each of them`
      : 'leave the word out, under a lock_timeout',
  unsafe: { sql: 'CREATE INDEX CONCURRENTLY readings_value_idx ON readings (value)' },
  safe: { sql: 'CREATE INDEX readings_value_idx ON ONLY readings (value)' },
});
