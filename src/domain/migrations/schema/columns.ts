import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query';
import type { Catalog, Column, ColumnUser, Table } from '../catalog';
import { columnsIn, inline, isNull, isSerial, typeOf } from '../syntax';
import { constraintOf } from './constraints';
import { forgetUsers } from './forget';
import { userType } from './held';
import { inWords, useIn } from './objects';

export function columnOf(catalog: Catalog, definition: ColumnDef): Column {
  const written = typeOf(definition.typeName);
  const generated = inline(definition, 'CONSTR_GENERATED')[0];
  return {
    name: definition.colname ?? '',
    type: { ...written, name: userType(catalog, written.name) },
    nullable:
      inline(definition, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY').length === 0 &&
      !isSerial(written),
    hasDefault:
      inline(definition, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED').some(
        ({ contype, raw_expr }) => contype !== 'CONSTR_DEFAULT' || !isNull(raw_expr),
      ) || isSerial(written),
    ...(generated && { generated: generated.generated_kind === 'v' ? 'virtual' : 'stored' }),
    ...(inline(definition, 'CONSTR_IDENTITY').length > 0 && { identity: true }),
  };
}

/** A generated column uses the columns that it is computed from. */
export const computedFrom = (definition: ColumnDef): ColumnUser[] =>
  inline(definition, 'CONSTR_GENERATED').map(({ raw_expr }) => ({
    kind: 'generated column',
    name: definition.colname ?? '',
    columns: columnsIn({ raw_expr }),
  }));

/** A column that comes to a table with rows: they have its default, or nothing. */
export function addedColumn(catalog: Catalog, definition: ColumnDef): Column {
  const column = columnOf(catalog, definition);
  return { ...column, created: true, unfilled: true, nullShare: column.hasDefault ? 0 : 1 };
}

export const defaultOf = (table: string, column: string) =>
  `default value for column ${column} of table ${inWords(table)}`;

/** What a default, a computed value and a CHECK call cannot be dropped. */
export function computedBy(catalog: Catalog, table: string, definition: ColumnDef) {
  const column = definition.colname ?? '';
  for (const { raw_expr } of inline(definition, 'CONSTR_DEFAULT', 'CONSTR_GENERATED'))
    useIn(catalog, raw_expr, defaultOf(table, column), `${table}.${column}`);
  for (const check of inline(definition, 'CONSTR_CHECK')) checkedBy(catalog, table, check, column);
}

export function checkedBy(
  catalog: Catalog,
  table: string,
  node: ConstraintNode | undefined,
  column?: string,
) {
  const [constraint] = node?.contype === 'CONSTR_CHECK' ? constraintOf(catalog, table, node, column) : [];
  if (constraint) useIn(catalog, node?.raw_expr, `constraint ${constraint.name} on table ${inWords(table)}`);
}

export function forgetDefault(catalog: Catalog, table: string, column: string) {
  forgetUsers(catalog, (user) => user === defaultOf(table, column));
  for (const [name, sequence] of catalog.sequences)
    if (sequence.usedBy.includes(`${table}.${column}`))
      catalog.sequences.set(name, {
        ...sequence,
        usedBy: sequence.usedBy.filter((user) => user !== `${table}.${column}`),
      });
}

/** serial and identity make a sequence of the column's. */
export function numberedBy(catalog: Catalog, table: string, definition: ColumnDef) {
  const identity = inline(definition, 'CONSTR_IDENTITY').length > 0;
  const serial = isSerial(typeOf(definition.typeName));
  if (!identity && !serial) return;
  const column = definition.colname ?? '';
  catalog.sequences.set(`${table}_${column}_seq`, {
    owner: { table, column },
    usedBy: serial ? [`${table}.${column}`] : [],
    created: true,
  });
}

export const setColumn = (table: Table, name: string | undefined, change: Partial<Column>): Table => ({
  ...table,
  columns: table.columns.map((column) => (column.name === name ? { ...column, ...change } : column)),
});

export function dropNumbers(catalog: Catalog, table: string, column?: string) {
  for (const [name, { owner }] of catalog.sequences)
    if (owner?.table === table && (column === undefined || owner.column === column))
      catalog.sequences.delete(name);
}
