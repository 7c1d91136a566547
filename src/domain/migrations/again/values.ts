import type { InsertStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import type { Catalog, Table } from '../catalog';
import { isNull, some, texts } from '../syntax';
import { isVolatile } from '../volatility';

/** A statement that writes rows, and what is known of its table. */
export interface Written<N = object> {
  node: N;
  /** schema.table */
  relation: string;
  /** Undefined where nobody knows it. */
  table?: Table;
  catalog: Catalog;
}

/** One value for a whole statement, and another one for the next. */
const OF_THE_MOMENT = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'age', 'txid_current']);

/** Has another value when it is computed again, although no row has changed. */
export const isFresh = (catalog: Catalog, expression: Node | undefined): boolean =>
  isVolatile(catalog, expression) ||
  some({ expression }, (tag, node) =>
    tag === 'FuncCall'
      ? OF_THE_MOMENT.has(texts(node.funcname as Node[]).at(-1) ?? '')
      : tag === 'SQLValueFunction' && /DATE|TIME/.test(String(node.op)),
  );

const isDefault = (value: Node | undefined) => value === undefined || 'SetToDefault' in value;

/** The rows of VALUES, each value in its place; of a SELECT the one row that it computes. */
function rowsOf({ selectStmt }: InsertStmt): Node[][] {
  if (!selectStmt || !('SelectStmt' in selectStmt)) return [];
  const { valuesLists, targetList = [] } = selectStmt.SelectStmt;
  if (valuesLists) return valuesLists.map((list) => ('List' in list ? (list.List.items ?? []) : []));
  return [targetList.flatMap((target) => ('ResTarget' in target ? (target.ResTarget.val ?? []) : []))];
}

/** Columns that an INSERT names, all of them where it names none. */
export const namedColumns = (cols: Node[] | undefined, table: Table | undefined): string[] =>
  cols?.flatMap((one) => ('ResTarget' in one ? (one.ResTarget.name ?? []) : [])) ??
  (table?.columns ?? []).map(({ name }) => name);

/** The values that an INSERT gives a column, of each row. */
export function valuesOf({ node, table }: Written<InsertStmt>, column: string): Node[] {
  const place = namedColumns(node.cols, table).indexOf(column);
  return place < 0 ? [] : rowsOf(node).flatMap((row) => row[place] ?? []);
}

/** `same`: each run gives the same values; `other`: never; undefined where nobody can say. */
type Given = 'same' | 'other' | undefined;

function givenTo(written: Written<InsertStmt>, key: readonly string[], column: string): Given {
  const { node, table, catalog } = written;
  const values = valuesOf(written, column);
  const star = rowsOf(node).some((row) => row.some((value) => isStar(value)));
  if (star) return undefined;
  if (values.length > 0 && !values.every(isDefault)) {
    if (values.some((value) => isNull(value))) return 'other';
    return values.some((value) => isDefault(value) || isFresh(catalog, value)) ? 'other' : 'same';
  }
  const known = table?.columns.find(({ name }) => name === column);
  // a default that is the whole key has to be another one for each row, and without one it is NULL
  if (!known || (known.hasDefault && !known.identity && key.length > 1)) return undefined;
  return 'other';
}

const isStar = (value: Node) =>
  'ColumnRef' in value && (value.ColumnRef.fields ?? []).some((field) => 'A_Star' in field);

/** Keys that a table has for certain; undefined where some are of a kind that is not looked into. */
function keysOf(table: Table | undefined): string[][] | undefined {
  if (!table || table.unseen) return undefined;
  // which rows a partial one or one on an expression is about, and when a deferred one is looked at
  const unclear =
    table.indexes.some((index) => index.unique && index.computed) ||
    table.constraints.some(({ deferrable, kind }) => deferrable || kind === 'exclude');
  if (unclear) return undefined;
  return [
    ...table.constraints.filter(({ kind }) => kind === 'primary' || kind === 'unique'),
    ...table.indexes.filter(({ unique, valid }) => unique && valid),
  ].map(({ columns }) => columns);
}

type Giving = (key: readonly string[], column: string) => Given;

/** Whether rows that come again meet one of the keys: undefined where nobody can say. */
function meets(keys: readonly string[][], given: Giving): boolean | undefined {
  const met = keys.map((key) => key.map((column) => given(key, column)));
  if (met.some((key) => key.every((one) => one === 'same'))) return true;
  return met.some((key) => !key.includes('other')) ? undefined : false;
}

export function meetsKey(table: Table | undefined, given: Giving): boolean | undefined {
  const keys = keysOf(table);
  return keys && meets(keys, given);
}

/** Whether the rows of an INSERT meet a key when they come again. */
export const meetsAgain = (insert: Written<InsertStmt>): boolean | undefined =>
  meetsKey(insert.table, (key, column) => givenTo(insert, key, column));

/** The same of the key that ON CONFLICT names; without one it is any. */
export function meetsTarget(insert: Written<InsertStmt>): boolean | undefined {
  const { infer } = insert.node.onConflictClause ?? {};
  if (!infer) return meetsAgain(insert);
  const named = (infer.indexElems ?? []).flatMap((one) =>
    'IndexElem' in one ? (one.IndexElem.name ?? []) : [],
  );
  const columns =
    insert.table?.constraints.find(({ name }) => name === infer.conname)?.columns ??
    insert.table?.indexes.find(({ name }) => name === infer.conname)?.columns;
  const target = columns ?? named;
  return keysOf(insert.table) && target.length > 0
    ? meets([target], (key, column) => givenTo(insert, key, column))
    : undefined;
}

/** Functions that give the same when their own result is put in. */
const SETTLING = new Set('lower upper trim btrim ltrim rtrim abs initcap'.split(' '));

/** Puts its own result in: `lower(a)`, or `coalesce(a, b)` and the like, whose other arguments stay as they are. */
function settles(
  value: Node,
  column: string,
  read: (value: Node) => string[],
  set: readonly string[],
): boolean {
  const own = (one: Node) => 'ColumnRef' in one && read(one).includes(column);
  if (own(value)) return true;
  const stay = (others: Node[]) => others.every((one) => !read(one).some((name) => set.includes(name)));
  const first = (args: Node[] = []) => args[0] !== undefined && own(args[0]) && stay(args.slice(1));
  if ('CoalesceExpr' in value) return first(value.CoalesceExpr.args);
  if ('MinMaxExpr' in value) return first(value.MinMaxExpr.args);
  if (!('FuncCall' in value)) return false;
  const { funcname, args = [] } = value.FuncCall;
  return SETTLING.has(texts(funcname).at(-1) ?? '') && args.length === 1 && first(args);
}

export interface Assigned {
  column: string;
  value: Node | undefined;
}
export const assignedIn = (targets: Node[] | undefined): Assigned[] =>
  (targets ?? []).flatMap((target) =>
    'ResTarget' in target ? { column: target.ResTarget.name ?? '', value: target.ResTarget.val } : [],
  );

/** What an assignment writes when it is made again: as before, something else, or nobody knows. */
export function written(
  { column, value }: Assigned,
  all: readonly Assigned[],
  { node, catalog }: Written,
): 'same' | 'relative' | 'fresh' | undefined {
  if (value === undefined || isDefault(value)) return undefined;
  if (some({ value }, (tag) => tag === 'SubLink' || tag === 'MultiAssignRef')) return undefined;
  if (isFresh(catalog, value)) return 'fresh';
  const { alias, relname } = (node as { relation?: RangeVar }).relation ?? {};
  const self = alias?.aliasname ?? relname ?? '';
  const read = columnsOf(value, self);
  const set = all.map((one) => one.column);
  if (!set.some((one) => read.includes(one))) return 'same';
  return settles(value, column, (one) => columnsOf(one, self), set) ? 'same' : 'relative';
}

/** Columns that are read of the row as it is: those of EXCLUDED, and of other tables, are what the statement brings. */
function columnsOf(value: Node, self: string): string[] {
  const found: string[] = [];
  some({ value }, (tag, node) => {
    const parts = tag === 'ColumnRef' ? texts(node.fields as Node[]) : [];
    if (parts.length === 1 || parts.at(-2) === self) found.push(parts.at(-1)!);
    return false;
  });
  return found;
}

export const assignments = ({ targetList }: UpdateStmt): Assigned[] => assignedIn(targetList);

/** Without the place in the text, which is no part of what it says. */
export const shape = (node: Node | undefined): string =>
  JSON.stringify(node, (name, value) => (name === 'location' ? undefined : value));

/** DO UPDATE sets to what the statement has inserted the first time: the column of EXCLUDED, or the same constant. */
export function setsInserted(insert: Written<InsertStmt>, { column, value }: Assigned): boolean {
  const given = valuesOf(insert, column);
  if (!value || given.length === 0 || given.some((one) => isDefault(one) || isFresh(insert.catalog, one)))
    return false;
  const parts = 'ColumnRef' in value ? texts(value.ColumnRef.fields) : [];
  if (parts.length === 2) return parts[0] === 'excluded' && parts[1] === column;
  return 'A_Const' in value && given.every((one) => shape(one) === shape(value));
}
