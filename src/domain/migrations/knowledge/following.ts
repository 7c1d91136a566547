import type { AlterEnumStmt, RenameStmt } from 'libpg-query';
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

/** What a table will be called after RENAME or SET SCHEMA. */
export function newName({ node, relation }: Subject<RenameStmt & { newschema?: string }>): string {
  const [schema, name] = relation.split('.');
  return node.newschema ? `${node.newschema}.${name}` : `${schema}.${node.newname}`;
}

/** The new label appears as a text in a later statement of the same transaction. */
export const usedAtOnce = ({ inTransaction, following, node }: Subject<AlterEnumStmt>): boolean =>
  inTransaction &&
  following.some((next) => some({ next: next.node }, (_tag, found) => found.sval === node.newVal));
