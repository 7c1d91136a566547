import type { CreateTrigStmt } from 'libpg-query';
import { noLocks, rule, type Subject } from '../rule';

// Source: trigger.h, the bits of tgtype
const TRUNCATE = 1 << 5;
const INSTEAD = 1 << 6;

/** Why PostgreSQL makes no such trigger there. Source: trigger.c, CreateTriggerFiringOn. */
function unfit({ node, table }: Subject<CreateTrigStmt>): string | undefined {
  const { row, timing = 0, events = 0, transitionRels = [] } = node;
  if (row && events & TRUNCATE) return 'for each row of a TRUNCATE';
  if (!table) return undefined;
  const isView = table.kind === 'view';
  if (isView && row && !(timing & INSTEAD)) return 'for each row of a view, but not INSTEAD OF it';
  if (!isView && timing & INSTEAD) return 'INSTEAD OF what is done to a table';
  if (
    row &&
    transitionRels.length > 0 &&
    (table.partitionOf || table.inherits?.length || table.kind === 'partitioned')
  )
    return 'with all new rows for each of them, on a partition, an heir or a partitioned table';
  return undefined;
}

export const triggerUnfit = rule<CreateTrigStmt>({
  id: 'trigger-unfit',
  on: ['CreateTrigStmt'],
  condition:
    'INSTEAD OF on a table, BEFORE or AFTER each row of a view, each row of a TRUNCATE, transition tables for each row of a partition',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `creating a trigger on ${s.relation} ${unfit(s)},`,
  remedy: () => [
    'Say BEFORE or AFTER for a table, INSTEAD OF for a view, and FOR EACH STATEMENT for all rows at once.',
  ],
  unsafe: {
    sql: 'CREATE TRIGGER items_stamp INSTEAD OF UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch()',
  },
  safe: {
    sql: 'CREATE TRIGGER items_stamp BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch()',
  },
});
