import type { Node } from 'libpg-query';
import { ident } from '../../names';
import { refusedOnPartitioned } from '../partitions';
import { noLocks, rule } from '../rule';
import { oneLine, sqlName } from '../wording';

export const concurrentlyOnPartitioned = rule<{ concurrent?: boolean; params?: Node[]; isView?: boolean }>({
  id: 'concurrently-on-partitioned',
  on: ['IndexStmt', 'DropStmt:OBJECT_INDEX', 'AT_ClusterOn', 'AT_DropCluster'],
  condition: 'CREATE or DROP INDEX CONCURRENTLY, or CLUSTER, on a partitioned table',
  matches: refusedOnPartitioned,
  effect: { locks: noLocks, fails: true },
  says: ({ form, relation }) =>
    form.startsWith('AT_')
      ? `setting the index for CLUSTER on partitioned table ${relation}`
      : `working CONCURRENTLY on an index of partitioned table ${relation}`,
  remedy: ({ form, relation, name, statement }) => {
    if (form.startsWith('AT_')) return ['Set it on each partition.'];
    if (form !== 'IndexStmt')
      return [
        'Set a lock_timeout, and leave CONCURRENTLY out.',
        `${oneLine(statement).replace(/\bCONCURRENTLY\s+/i, '')};`,
      ];
    return [
      `CREATE INDEX ${name ? ident(name) : '<…>'} ON ONLY ${sqlName(relation)} (<…>);`,
      'Build one on each partition, outside of a transaction, and attach it.',
      'CREATE INDEX CONCURRENTLY <…> ON <…> (<…>);',
      `ALTER INDEX ${name ? sqlName(name) : '<…>'} ATTACH PARTITION <…>;`,
    ];
  },
  unsafe: { sql: 'CREATE INDEX CONCURRENTLY readings_value_idx ON readings (value)' },
  safe: { sql: 'CREATE INDEX readings_value_idx ON ONLY readings (value)' },
});
