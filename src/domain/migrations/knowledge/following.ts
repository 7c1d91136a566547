import type { AlterEnumStmt, AlterTableCmd, AlterTableStmt, Node, RenameStmt } from 'libpg-query';
import { resolve } from '../catalog';
import { some } from '../syntax';
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

/** Parts of later ALTER TABLE statements of the same transaction about the relation. */
function laterParts({ following, inTransaction, catalog, relation }: Subject): AlterTableCmd[] {
  if (!inTransaction) return [];
  return following.flatMap(({ tag, node }) => {
    const { relation: range = {}, cmds = [] } = node as AlterTableStmt;
    if (tag !== 'AlterTableStmt' || resolve(catalog, range, catalog.tables) !== relation) return [];
    return cmds.flatMap((part: Node) => ('AlterTableCmd' in part ? part.AlterTableCmd : []));
  });
}

/** The column gets a default again before anybody can miss the one that goes. */
export const defaultComesBack = (subject: Subject<AlterTableCmd>): boolean =>
  laterParts(subject).some(
    ({ subtype, name, def }) => subtype === 'AT_ColumnDefault' && name === subject.name && def !== undefined,
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
