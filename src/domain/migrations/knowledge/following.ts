import type {
  AlterEnumStmt,
  AlterTableCmd,
  AlterTableStmt,
  CreateTableAsStmt,
  GrantStmt,
  IndexStmt,
  Node,
  RenameStmt,
  ViewStmt,
} from 'libpg-query';
import { resolve, rightsOn } from '../catalog';
import { literal } from '../names';
import type { Statement } from '../parse';
import { columnsGiven } from '../schema/objects';
import { rightsNamed } from '../schema/rights';
import { asConstraint, isNull, some, texts } from '../syntax';
import type { Subject } from './rule';

type Viewing = { view?: { schemaname?: string; relname?: string }; into?: { rel?: { relname?: string } } };

/** A later statement of the file creates a view of the relation's name. */
function viewComes({ following, catalog, relation }: Subject): boolean {
  return following.some(({ node }) => {
    const { view = (node as Viewing).into?.rel } = node as Viewing;
    return view !== undefined && resolve(catalog, view, catalog.tables) === relation;
  });
}

export const leavesView = (subject: Subject<RenameStmt>): boolean => viewComes(subject);
export const comesBack = (subject: Subject): boolean => viewComes(subject);

/** Parts of the same ALTER TABLE, and of later ones of the same transaction about the relation. */
export function laterParts({
  following,
  inTransaction,
  catalog,
  relation,
  parts = [],
}: Subject): AlterTableCmd[] {
  if (!inTransaction) return parts;
  const later = following.flatMap(({ tag, node }) => {
    const { relation: range = {}, cmds = [] } = node as AlterTableStmt;
    if (tag !== 'AlterTableStmt' || resolve(catalog, range, catalog.tables) !== relation) return [];
    return cmds.flatMap((part: Node) => ('AlterTableCmd' in part ? part.AlterTableCmd : []));
  });
  return [...parts, ...later];
}

/** The column gets a default again before anybody can miss the one that goes. */
export const defaultComesBack = (subject: Subject<AlterTableCmd>): boolean =>
  laterParts(subject).some(
    ({ subtype, name, def }) =>
      (subtype === 'AT_AddIdentity' ||
        (subtype === 'AT_ColumnDefault' && def !== undefined && !isNull(def))) &&
      name === subject.name,
  );

/** The transaction gives the name to a constraint again. A primary key without a name is called after its table. */
export const nameComesBack = (subject: Subject<AlterTableCmd>): boolean =>
  laterParts(subject).some(({ subtype, def }) => {
    const { conname, contype } = (subtype === 'AT_AddConstraint' && asConstraint(def)) || {};
    const usual = contype === 'CONSTR_PRIMARY' ? `${subject.relation.split('.').at(-1)}_pkey` : undefined;
    return (conname ?? usual) === subject.name;
  });

/** Columns that a statement makes a key of: by a unique index on all rows, or by a constraint. */
function keysMade({ tag, node }: Statement): string[][] {
  const { unique, indexParams = [], whereClause, cmds = [] } = node as IndexStmt & AlterTableStmt;
  if (tag === 'IndexStmt')
    return unique && !whereClause
      ? [indexParams.flatMap((param) => ('IndexElem' in param ? (param.IndexElem.name ?? []) : []))]
      : [];
  return tag === 'AlterTableStmt'
    ? keysAdded(cmds.flatMap((part) => ('AlterTableCmd' in part ? part.AlterTableCmd : [])))
    : [];
}

const keysAdded = (parts: AlterTableCmd[]): string[][] =>
  parts.flatMap(({ subtype, def }) => {
    const { contype, keys } = (subtype === 'AT_AddConstraint' && asConstraint(def)) || {};
    return contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY' ? [texts(keys)] : [];
  });

/** The same columns get a key again before anybody can miss the one that goes. */
export function keyComesBack(
  { inTransaction, following, catalog, relation, parts = [] }: Subject,
  columns: string[],
): boolean {
  const later = following.filter(
    ({ node }) =>
      resolve(catalog, (node as { relation?: object }).relation ?? {}, catalog.tables) === relation,
  );
  const keys = [...keysAdded(parts), ...(inTransaction ? later.flatMap(keysMade) : [])];
  return keys.some((key) => [...key].sort().join() === [...columns].sort().join());
}

/** Statements that PostgreSQL refuses of a table with rows that a deferred rule has still to look at. */
const REFUSED_WHILE_PENDING = new Set(['AlterTableStmt', 'IndexStmt', 'TruncateStmt']);

/** The table is changed in the same transaction, and nothing before that has the deferred rules look at its rows. */
export function changedBehind({ following, catalog, relation }: Subject): boolean {
  const isMeant = (found: object | undefined) =>
    found !== undefined && resolve(catalog, found, catalog.tables) === relation;
  for (const { tag, node } of following) {
    if (tag === 'TransactionStmt' || tag === 'ConstraintsSetStmt') return false;
    if (!REFUSED_WHILE_PENDING.has(tag)) continue;
    const { relation: one, relations = [] } = node as { relation?: object; relations?: Node[] };
    if (isMeant(one) || relations.some((range) => 'RangeVar' in range && isMeant(range.RangeVar)))
      return true;
  }
  return false;
}

/** What a table will be called after RENAME or SET SCHEMA. */
export function newName({ node, relation }: Subject<RenameStmt & { newschema?: string }>): string {
  const [schema, name] = relation.split('.');
  return node.newschema ? `${node.newschema}.${name}` : `${schema}.${node.newname}`;
}

/** A later statement of the same transaction gives a type the name of another one. */
export const getsName = ({ inTransaction, following }: Subject, type: string, other: string): boolean =>
  inTransaction &&
  following.some(({ tag, node }) => {
    const { renameType, object, newname } = node as RenameStmt;
    if (tag !== 'RenameStmt' || renameType !== 'OBJECT_TYPE') return false;
    const names = object && 'List' in object ? texts(object.List.items) : [];
    return names.at(-1) === type.split('.').at(-1) && newname === other.split('.').at(-1);
  });

/** The new label appears as a text in a later statement of the same transaction. */
export const usedAtOnce = ({ inTransaction, following, node }: Subject<AlterEnumStmt>): boolean =>
  inTransaction &&
  following.some((next) =>
    some(
      { next: next.node },
      (_tag, { sval }) => typeof sval === 'string' && holds(next.tag, sval, node.newVal),
    ),
  );

/** A text is the value, an array with it, or a function's body that PostgreSQL reads at once. */
function holds(tag: string, text: string, value = ''): boolean {
  if (text === value) return true;
  if (tag === 'CreateFunctionStmt') return text.includes(literal(value));
  const [, inside] = /^\{(.*)\}$/.exec(text) ?? [];
  return inside?.split(',').some((one) => one.trim().replace(/^"(.*)"$/, '$1') === value) === true;
}

/** The statement that creates a view of the relation's name again. */
const laterView = ({ following, catalog, relation }: Subject) =>
  following.find(({ node }) => {
    const { view = (node as Viewing).into?.rel } = node as Viewing;
    return view !== undefined && resolve(catalog, view, catalog.tables) === relation;
  })?.node as (ViewStmt & CreateTableAsStmt) | undefined;

const columnsAfter = (node: (ViewStmt & CreateTableAsStmt) | undefined) =>
  node && columnsGiven(node.query, node.aliases ?? node.into?.colNames);

/** Columns that a view loses when it is dropped and made again; none where they cannot be told. */
export function lostColumns(subject: Subject): string[] {
  const after = columnsAfter(laterView(subject));
  if (!after) return [];
  return (subject.table?.columns ?? []).map(({ name }) => name).filter((name) => !after.includes(name));
}

/** Others have rights on the view, and not all of them are granted after it is made again. */
export function losesRights(subject: Subject): boolean {
  const { table, following, catalog, relation } = subject;
  const rights = table ? rightsOn(table) : [];
  if (rights.length === 0 || catalog.defaultRights || !laterView(subject)) return false;
  const granted = following.flatMap(({ tag, node }) => {
    const { is_grant: grants, targtype, objects = [] } = node as GrantStmt;
    if (tag !== 'GrantStmt' || !grants) return [];
    const isMeant =
      targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ||
      objects.some((one) => 'RangeVar' in one && resolve(catalog, one.RangeVar, catalog.tables) === relation);
    return isMeant ? rightsNamed(node as GrantStmt) : [];
  });
  return rights.some((right) => !granted.includes(right));
}

/** Columns that CREATE OR REPLACE VIEW does not keep in their places. */
export function missingColumns({ node, table }: Subject<ViewStmt>): string[] {
  const after = columnsGiven(node.query, node.aliases);
  if (!after || !table || table.created) return [];
  return table.columns.map(({ name }) => name).filter((name, i) => after[i] !== name);
}
