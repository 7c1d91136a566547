import type { InsertStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from 'libpg-query';
import { partitionsOf } from '../catalog';
import { columnsIn, isNull } from '../syntax';
import { type Amount, isJoin, isList, joined, type Writing } from './comparison';
import { amountOf, parts, truthOf } from './condition';
import { type Effect, own, type Subject } from './rule';

/** ONLY of a partitioned table, which has no rows but those of its partitions. */
const isEmpty = ({ alone, table }: Subject): boolean => alone === true && table?.kind === 'partitioned';

/** A WHERE that leaves every row, or none at all. */
export const leavesAllRows = (subject: Writing): boolean =>
  !isEmpty(subject) &&
  (subject.node.whereClause === undefined || amountOf(subject, subject.node.whereClause) === 'all');

/**
 * Whether a WHERE may leave so many rows that they are locked for as long as the table is big: it only asks for NULLs, for
 * all but some, for what another table has, or compares with an open end, which both are how a backfill and a clean-up of
 * old rows are written, names a range of numbers of a key that is a good part of them, or a value that many rows have: by the
 * statistics, else because the column has few, as a boolean or an enum.
 */
export const leavesManyRows = (subject: Writing): boolean =>
  !isEmpty(subject) &&
  subject.node.whereClause !== undefined &&
  amountOf(subject, subject.node.whereClause) === 'many';

/** A WHERE of which nobody can say whether it leaves few rows or many: what it names may be in each of them. */
export const leavesUncountedRows = (subject: Writing): boolean =>
  !isEmpty(subject) &&
  subject.node.whereClause !== undefined &&
  amountOf(subject, subject.node.whereClause) === 'unknown';

/** A SELECT that locks what it finds; with a LIMIT few rows, of several tables as many as there are. */
const locked = (subject: Subject<SelectStmt>): Amount => {
  const { fromClause = [], whereClause, limitCount } = subject.node;
  if (isEmpty(subject)) return 'none';
  if (limitCount && !isNull(limitCount)) return 'some';
  if (joined(fromClause).length > 1) return 'many';
  return whereClause ? amountOf({ ...subject, node: { whereClause } }, whereClause) : 'all';
};

export const locksManyRows = (subject: Subject<SelectStmt>): boolean =>
  ['all', 'many'].includes(locked(subject));

export const locksUncountedRows = (subject: Subject<SelectStmt>): boolean => locked(subject) === 'unknown';

/** DELETE … USING whose condition only joins: how many rows find their like nobody knows. */
export const isJoined = ({ node }: Subject<{ usingClause?: Node[]; whereClause?: Node }>): boolean =>
  node.usingClause !== undefined && (node.whereClause === undefined || parts(node.whereClause).every(isJoin));

/** Columns of the live version that an UPDATE takes the values of. */
export function emptiedColumns({ node, table }: Subject<UpdateStmt>): string[] {
  return (node.targetList ?? []).flatMap((target) => {
    const { name = '', val } = 'ResTarget' in target ? target.ResTarget : {};
    const known = table?.columns.find((column) => column.name === name);
    const isDefault = val !== undefined && 'SetToDefault' in val && known?.hasDefault === false;
    return (isNull(val) || isDefault) && !known?.created ? name : [];
  });
}

const BY_SOURCE = 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE';

/** What a MERGE does with rows that are there, be they many: of those that a written list does not have as well. */
export const matchedCommands = ({ mergeWhenClauses = [], sourceRelation }: MergeStmt): string[] =>
  mergeWhenClauses.flatMap((node) => {
    const { matchKind, commandType } = 'MergeWhenClause' in node ? node.MergeWhenClause : {};
    const isMany = matchKind === BY_SOURCE || (matchKind === 'MERGE_WHEN_MATCHED' && !isList(sourceRelation));
    return isMany ? (commandType ?? []) : [];
  });

/** A MERGE that asks what is not in a written list looks at every row. */
const asksForOthers = ({ mergeWhenClauses = [] }: MergeStmt): boolean =>
  mergeWhenClauses.some((node) => 'MergeWhenClause' in node && node.MergeWhenClause.matchKind === BY_SOURCE);

/** INSERT … ON CONFLICT DO UPDATE of what a query finds, of which many rows may be there already. */
export function updatesConflicts({ node }: Subject<InsertStmt>): boolean {
  const { onConflictClause, selectStmt } = node;
  if (onConflictClause?.action !== 'ONCONFLICT_UPDATE' || !selectStmt) return false;
  const { limitCount } = 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : {};
  return !limitCount && !isList({ RangeSubselect: { subquery: selectStmt } });
}

/** No index begins with a column that a part of the condition compares, as far as the indexes are known. */
export function readsWhole({
  node: { whereClause, joinCondition },
  table,
  catalog,
  relation,
  alone,
}: Subject<{ whereClause?: Node; joinCondition?: Node }>): boolean {
  const condition = whereClause ?? joinCondition;
  if (condition === undefined || !table || table.columns.length === 0) return false;
  if (parts(condition).some((part) => truthOf(part) === false)) return false;
  const compared = parts(condition).flatMap((part) => columnsIn({ part }));
  const heirs = alone ? [] : partitionsOf(catalog, relation);
  // heirs have indexes of their own, or none
  return [table, ...heirs].some(
    ({ indexes, kind }) =>
      kind !== 'partitioned' &&
      !indexes.some(({ valid, computed, columns }) => valid && !computed && compared.includes(columns[0]!)),
  );
}

/** A MERGE that looks for many rows and changes none of them. */
export const mergesNothing = ({ node }: Subject<object>): boolean =>
  (!isList((node as MergeStmt).sourceRelation) || asksForOthers(node as MergeStmt)) &&
  !matchedCommands(node as MergeStmt).some((command) => command === 'CMD_UPDATE' || command === 'CMD_DELETE');

/** A MERGE of rows that are written out. */
export const mergesList = ({ node }: Subject<object>): boolean => isList((node as MergeStmt).sourceRelation);

/** What a statement does that writes more rows than its users can wait for. */
export const writesManyRows = {
  locks: own('ROW EXCLUSIVE'),
  scan: true,
  slow: true,
  locksRows: true,
  reversible: false,
} satisfies Effect;
