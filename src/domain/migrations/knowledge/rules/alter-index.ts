import type { AlterTableStmt } from 'libpg-query';
import type { LockTaken } from '../../types';
import { movesIndex, namesSpace } from '../keys';
import { on, only, rule, type Subject } from '../rule';
import { lockToSet } from '../settings';

/** Of a partition's index that becomes a part of its parent's: who plans a query of the partition waits for it. */
function attached({ node, catalog }: Subject<AlterTableStmt>): LockTaken[] {
  const names = (node.cmds ?? []).flatMap((command) => {
    const { def } = 'AlterTableCmd' in command ? command.AlterTableCmd : {};
    return def && 'PartitionCmd' in def ? (def.PartitionCmd.name?.relname ?? []) : [];
  });
  const tables = [...catalog.tables.values()].filter(({ indexes }) =>
    indexes.some(({ name }) => names.includes(name)),
  );
  return on(
    'ACCESS EXCLUSIVE',
    tables.map(({ name }) => name),
  );
}

export const alterIndex = rule<AlterTableStmt>({
  id: 'alter-index',
  on: ['AlterTableStmt:OBJECT_INDEX'],
  condition: 'ALTER INDEX: settings, statistics, ATTACH PARTITION',
  matches: (s) => !movesIndex(s),
  // one that stays where it is is locked nevertheless
  effect: {
    locks: (s) =>
      namesSpace(s.node) || lockToSet(s) === 'ACCESS EXCLUSIVE' ? only('ACCESS EXCLUSIVE')(s) : attached(s),
  },
  says: ({ name }) => `changing a setting of index ${name}`,
  safe: { sql: 'ALTER INDEX customers_name_idx SET (fillfactor = 80)' },
});
