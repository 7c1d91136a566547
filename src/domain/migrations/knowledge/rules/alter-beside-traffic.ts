import type { AlterTableCmd } from 'libpg-query';
import { refusedOnPartitioned } from '../partitions';
import { only, rule } from '../rule';
import { lockToSet } from '../settings';

export const alterBesideTraffic = rule<AlterTableCmd>({
  id: 'alter-beside-traffic',
  on: [
    'AT_SetRelOptions',
    'AT_ResetRelOptions',
    'AT_SetStatistics',
    'AT_SetOptions',
    'AT_ResetOptions',
    'AT_ClusterOn',
    'AT_DropCluster',
  ],
  condition: 'SET (fillfactor …), SET STATISTICS, SET WITHOUT CLUSTER',
  matches: (s) => !refusedOnPartitioned(s),
  effect: { locks: (s) => only(lockToSet(s))(s) },
  says: ({ relation }) => `changing a setting of ${relation}`,
  safe: { sql: 'ALTER TABLE items SET (fillfactor = 80)' },
});
