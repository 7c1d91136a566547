import type { CreateTrigStmt, Node } from 'libpg-query';
import { resolve } from '../../catalog';
import { named, some, texts } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

// Source: trigger.h, the bits of tgtype
const INSERT = 1 << 2;
const DELETE = 1 << 3;
const TRUNCATE = 1 << 5;
const BEFORE = 1 << 1;
const INSTEAD = 1 << 6;

/** The row of which a WHEN speaks, OLD or NEW, where there is none. */
function missingRow({ whenClause, events = 0, row }: CreateTrigStmt): string | undefined {
  const of = (name: string) =>
    some({ whenClause }, (tag, found) => tag === 'ColumnRef' && texts(found.fields as Node[])[0] === name);
  const rows = [...(!row || events & INSERT ? ['old'] : []), ...(!row || events & DELETE ? ['new'] : [])];
  return rows.find(of)?.toUpperCase();
}

/** Why PostgreSQL makes no such trigger there. Source: trigger.c, CreateTriggerFiringOn. */
function unfit({ node, table, catalog }: Subject<CreateTrigStmt>): string | undefined {
  const { row, timing = 0, events = 0, transitionRels = [], funcname, columns } = node;
  if (row && events & TRUNCATE) return 'for each row of a TRUNCATE';
  if (transitionRels.length > 0 && timing & (BEFORE | INSTEAD))
    return 'with all new rows before they are there';
  const none = missingRow(node);
  if (none) return `whose WHEN asks for ${none}, which there is not`;
  const routine = catalog.routines.get(resolve(catalog, named(texts(funcname)), catalog.routines));
  if (routine?.trigger === false) return `of ${texts(funcname).join('.')}, which returns no trigger`;
  if (!table) return undefined;
  const column = texts(columns).find(
    (name) => table.columns.length > 0 && !table.columns.some((one) => one.name === name),
  );
  if (column) return `of ${column}, which is no column of it`;
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
    'INSTEAD OF on a table, BEFORE or AFTER each row of a view, each row of a TRUNCATE, transition tables for each row of a partition or before it, OLD or NEW where there is none, another function than one for triggers',
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
