import type { Node, RangeVar } from 'libpg-query';
import { type Catalog, type ColumnUser, resolve, type Table } from '../catalog';
import { named, some } from '../syntax';

/** A type of the user's with its schema; any other as it is written, arrays with their sign. */
export function userType(catalog: Catalog, written: string): string {
  const array = written.startsWith('_');
  const parts = (array ? written.slice(1) : written).split('.');
  const known = {
    has: (key: string) =>
      catalog.domains.has(key) ||
      catalog.enums.has(key) ||
      catalog.composites.has(key) ||
      catalog.tables.has(key),
  };
  const key = resolve(catalog, named(parts), known);
  if (!known.has(key)) return written;
  return array ? key.replace('.', '._') : key;
}

/** Something uses columns of a relation. */
export function hold(
  catalog: Catalog,
  range: RangeVar,
  user: ColumnUser,
  more: (table: Table) => Partial<Table> = () => ({}),
) {
  const key = resolve(catalog, range, catalog.tables);
  const table = catalog.tables.get(key);
  if (!table) return;
  const known = table.columns.map(({ name }) => name);
  const columns = user.columns.filter((column) => known.includes(column));
  const held = columns.length > 0 ? [{ ...user, columns }] : [];
  catalog.tables.set(key, { ...table, columnUsers: [...(table.columnUsers ?? []), ...held], ...more(table) });
}

/** What a trigger, or its function, that comes now does to columns that are there nobody can see. */
export const mayFill = ({ columns }: Table): Pick<Table, 'columns'> => ({
  columns: columns.map(({ unfilled: _, ...column }) => column),
});

/** Relations that a tree names, without those of its WITH. */
export function relationsIn(catalog: Catalog, tree: unknown): string[] {
  const found = new Set<string>();
  const own = new Set<string>();
  some(tree, (tag, node) => {
    if (tag === 'CommonTableExpr') own.add(node.ctename as string);
    if (tag === 'RangeVar') found.add(resolve(catalog, node as RangeVar, catalog.tables));
    return false;
  });
  return [...found].filter((name) => !own.has(name.slice(name.indexOf('.') + 1)));
}

/** An option of a statement by its name. */
export const option = (nodes: Node[] | undefined, name: string) =>
  (nodes ?? []).flatMap((node) =>
    'DefElem' in node && node.DefElem.defname === name ? node.DefElem : [],
  )[0];
