import type { ColumnDef, CreateStmt, Node } from 'libpg-query';
import { type Catalog, type Column, type ColumnType, resolve, type Table } from '../catalog';
import { userType } from '../schema/held';
import { asColumn, inline, isSerial, typeOf } from '../syntax';
import type { Subject } from './rule';

// Columns of a new table that come from several places under one name. Source: tablecmds.c, MergeAttributes.

const tableNamed = (catalog: Catalog, node: Node): Table[] => {
  const range = 'TableLikeClause' in node ? node.TableLikeClause.relation : undefined;
  const named = 'RangeVar' in node ? node.RangeVar : range;
  const table = named && catalog.tables.get(resolve(catalog, named, catalog.tables));
  return table ? [table] : [];
};

const WHOLE: Record<string, string> = { smallserial: 'int2', serial: 'int4', bigserial: 'int8' };

function typeIn(catalog: Catalog, { typeName }: ColumnDef): ColumnType {
  const written = typeOf(typeName);
  const name = isSerial(written) ? (WHOLE[written.name] ?? written.name) : userType(catalog, written.name);
  return { ...written, name };
}

const differs = (left: ColumnType, right: ColumnType) =>
  left.name !== right.name || left.modifiers.join() !== right.modifiers.join();

/** Why no table inherits from this one. */
function noParent({ kind, name, partitionOf, temporary }: Table, isTemporary: boolean): string | undefined {
  if (kind === 'view' || kind === 'materialized') return `${name} is a view`;
  if (partitionOf) return `${name} is a partition`;
  return temporary && !isTemporary ? `${name} is temporary` : undefined;
}

/** Why a column cannot be said again as it is said here. */
function unfitAgain(catalog: Catalog, inherited: Column, own: ColumnDef): string | undefined {
  const { name, generated } = inherited;
  if (differs(inherited.type, typeIn(catalog, own))) return `column ${name} is of another type`;
  if (inline(own, 'CONSTR_GENERATED').length > 0) {
    // until 15 a computed one cannot be computed otherwise, from 16 on no other one can be
    if (generated && catalog.major < 16) return `column ${name} is computed already`;
    if (!generated && catalog.major >= 16)
      return `column ${name} is computed, which it is not in what it is inherited from`;
  }
  return generated && inline(own, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY').length > 0
    ? `column ${name} is computed in what it is inherited from`
    : undefined;
}

const twiceIn = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) < at);

/** Why PostgreSQL does not make a table of these columns and these parents, where that is known. */
export function unfitTable({ node, catalog }: Subject<CreateStmt>): string | undefined {
  const { tableElts = [], inhRelations = [], partbound, partspec, ofTypename, relation } = node;
  const definitions = tableElts.flatMap((one) => asColumn(one) ?? []);
  const parents = inhRelations.flatMap((one) => tableNamed(catalog, one));
  const hasAll = parents.every(({ unseen, columns }) => !unseen && columns.length > 0);
  if (ofTypename) return undefined;
  if (partbound) {
    const [parent] = parents;
    const strange =
      parent && hasAll && definitions.find((one) => !parent.columns.some(({ name }) => name === one.colname));
    return strange ? `column ${strange.colname} is none of ${parent.name}` : undefined;
  }
  const own = [
    ...definitions.flatMap(({ colname }) => colname ?? []),
    ...tableElts.flatMap((one) =>
      'TableLikeClause' in one
        ? tableNamed(catalog, one).flatMap(({ columns }) => columns.map(({ name }) => name))
        : [],
    ),
  ];
  const twice = twiceIn(own);
  if (twice !== undefined) return `column ${twice} stands twice`;
  const again = twiceIn(parents.map(({ name }) => name));
  if (again !== undefined) return `${again} is inherited from twice`;
  if (inhRelations.length > 0 && partspec) return 'it has partitions, and inherits';
  const isTemporary = relation?.relpersistence === 't';
  const merged = new Map<string, Column>();
  for (const parent of parents) {
    const unfit = noParent(parent, isTemporary);
    if (unfit !== undefined) return unfit;
    for (const column of parent.columns) {
      const known = merged.get(column.name);
      if (known && differs(known.type, column.type)) return `column ${column.name} is of two types`;
      merged.set(column.name, column);
    }
  }
  for (const definition of definitions) {
    const inherited = merged.get(definition.colname ?? '');
    const unfit = inherited && unfitAgain(catalog, inherited, definition);
    if (unfit !== undefined) return unfit;
  }
  return undefined;
}
