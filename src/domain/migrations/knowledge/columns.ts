import type { AlterDomainStmt, AlterTableCmd } from 'libpg-query';
import { resolve } from '../catalog';
import { asColumn, asConstraint, named, typeOf } from '../syntax';
import { keepsRows, saysNothing } from '../type-change';
import type { Subject } from './rule';

/** The domain of a new column. */
export function domainOf({ node, catalog }: Subject<AlterTableCmd>) {
  const { name } = typeOf(asColumn(node.def)?.typeName);
  return catalog.domains.get(resolve(catalog, named(name.split('.')), catalog.domains));
}

/** A type change that leaves every row as it is stored; one of a column that nobody knows is not. */
export function isFreeChange({ node, table, name, timeZone }: Subject<AlterTableCmd>): boolean {
  const from = table?.columns.find((column) => column.name === name)?.type;
  const definition = asColumn(node.def);
  const to = typeOf(definition?.typeName);
  return (
    from !== undefined && saysNothing(definition?.raw_default, name, to) && keepsRows(from, to, timeZone)
  );
}

/** Names of the CHECKs that read the column. */
export const checksOn = ({ table, name }: Subject): string[] =>
  (table?.constraints ?? [])
    .filter(({ kind, columns, validated }) => kind === 'check' && validated && columns.includes(name))
    .map((constraint) => constraint.name);

export const isChecked = (subject: Subject): boolean => checksOn(subject).length > 0;

/** Views that read the column. */
export const viewsOf = ({ table, name }: Subject): string[] =>
  (table?.views ?? []).filter(({ columns }) => columns.includes(name)).map((view) => view.name);

/** What an ALTER DOMAIN does to the tables that use it. Subtypes are the letters of PostgreSQL's parser. */
export function domainChange({ subtype, def }: AlterDomainStmt): 'checks' | 'quiet' {
  if (subtype === 'O' || subtype === 'V') return 'checks';
  return subtype === 'C' && !asConstraint(def)?.skip_validation ? 'checks' : 'quiet';
}
