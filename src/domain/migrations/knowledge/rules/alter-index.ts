import type { AlterTableStmt } from 'libpg-query';
import { movesIndex, namesSpace } from '../keys';
import { only, rule } from '../rule';

export const alterIndex = rule<AlterTableStmt>({
  id: 'alter-index',
  on: ['AlterTableStmt:OBJECT_INDEX'],
  condition: 'ALTER INDEX: settings, statistics, ATTACH PARTITION',
  matches: (s) => !movesIndex(s),
  // one that stays where it is is locked nevertheless
  effect: { locks: (s) => (namesSpace(s.node) ? only('ACCESS EXCLUSIVE')(s) : []) },
  says: ({ name }) => `changing a setting of index ${name}`,
  safe: { sql: 'ALTER INDEX customers_name_idx SET (fillfactor = 80)' },
});
