import type {
  AlterEnumStmt,
  AlterTableCmd,
  AlterTableStmt,
  CreateTableAsStmt,
  GrantStmt,
  Node,
  RenameStmt,
  ViewStmt,
} from 'libpg-query';
import { resolve } from '../catalog';
import { columnsGiven } from '../schema-objects';
import { isNull, some } from '../syntax';
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
function laterParts({ following, inTransaction, catalog, relation, parts = [] }: Subject): AlterTableCmd[] {
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

/** A policy for the relation comes in the same transaction. */
export const policyComes = ({ following, inTransaction, catalog, relation }: Subject): boolean =>
  inTransaction &&
  following.some(
    ({ tag, node }) =>
      tag === 'CreatePolicyStmt' &&
      resolve(catalog, (node as { table?: object }).table ?? {}, catalog.tables) === relation,
  );

/** What a table will be called after RENAME or SET SCHEMA. */
export function newName({ node, relation }: Subject<RenameStmt & { newschema?: string }>): string {
  const [schema, name] = relation.split('.');
  return node.newschema ? `${node.newschema}.${name}` : `${schema}.${node.newname}`;
}

/** The new label appears as a text in a later statement of the same transaction. */
export const usedAtOnce = ({ inTransaction, following, node }: Subject<AlterEnumStmt>): boolean =>
  inTransaction &&
  following.some((next) => some({ next: next.node }, (_tag, found) => found.sval === node.newVal));

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

/** Others have rights on the view, and nobody grants them after it is made again. */
export function losesRights(subject: Subject): boolean {
  const { table, following, catalog, relation } = subject;
  if (!table?.granted || catalog.defaultRights || !laterView(subject)) return false;
  return !following.some(({ tag, node }) => {
    const { is_grant: grants, targtype, objects = [] } = node as GrantStmt;
    if (tag !== 'GrantStmt' || !grants) return false;
    return (
      targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ||
      objects.some((one) => 'RangeVar' in one && resolve(catalog, one.RangeVar, catalog.tables) === relation)
    );
  });
}

/** Columns that CREATE OR REPLACE VIEW does not keep in their places. */
export function missingColumns({ node, table }: Subject<ViewStmt>): string[] {
  const after = columnsGiven(node.query, node.aliases);
  if (!after || !table || table.created) return [];
  return table.columns.map(({ name }) => name).filter((name, i) => after[i] !== name);
}

/** Row level security is on, and no other policy is left or comes. */
export const isLastPolicy = (subject: Subject): boolean =>
  subject.table?.secured === true && subject.table.policies?.join() === subject.name && !policyComes(subject);
