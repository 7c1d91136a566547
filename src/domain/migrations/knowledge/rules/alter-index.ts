import type { AlterTableStmt } from 'libpg-query';
import { movesIndex } from '../keys';
import { noLocks, rule } from '../rule';

export const alterIndex = rule<AlterTableStmt>({
  id: 'alter-index',
  on: ['AlterTableStmt:OBJECT_INDEX'],
  condition: 'ALTER INDEX: settings, statistics, ATTACH PARTITION',
  matches: ({ node }) => !movesIndex(node),
  effect: { locks: noLocks },
  says: ({ name }) => `changing a setting of index ${name}`,
  safe: { sql: 'ALTER INDEX customers_name_idx SET (fillfactor = 80)' },
});
