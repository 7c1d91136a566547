import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query';
import { type Catalog, type Constraint, type Index, resolve } from '../catalog';
import { definitionOf, overColumns } from '../definitions';
import { madeName } from '../index-names';
import { columnsIn, inline, texts } from '../syntax';
import type { WrittenConstraint } from './keys-once';

const KINDS: Record<string, Constraint['kind']> = {
  CONSTR_CHECK: 'check',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_EXCLUSION: 'exclude',
  CONSTR_NOTNULL: 'not-null',
};

const SUFFIXES: Record<Constraint['kind'], string> = {
  check: 'check',
  unique: 'key',
  primary: 'pkey',
  foreign: 'fkey',
  exclude: 'excl',
  'not-null': 'not_null',
};

export const bareName = (key: string) => key.slice(key.indexOf('.') + 1);

/** The name that PostgreSQL gives a constraint that has none. */
function defaultName(table: string, columns: string[], kind: Constraint['kind']): string {
  // a CHECK of several columns is named by none
  const middle = kind === 'primary' || (kind === 'check' && columns.length > 1) ? [] : columns;
  return madeName(bareName(table), middle, SUFFIXES[kind]);
}

export function constraintOf(
  catalog: Catalog,
  table: string,
  node: ConstraintNode,
  column?: string,
): Constraint[] {
  const kind = KINDS[node.contype ?? ''];
  if (kind === undefined) return [];
  const listed = texts(kind === 'foreign' ? node.fk_attrs : node.keys);
  const written = kind === 'check' ? columnsIn(node.raw_expr) : listed;
  const columns = written.length > 0 ? written : column === undefined ? [] : [column];
  return [
    {
      name: node.conname ?? defaultName(table, columns, kind),
      kind,
      columns,
      validated: !node.skip_validation,
      ...((node.deferrable || node.initdeferred) && { deferrable: true }),
      ...(node.initdeferred && { deferred: true }),
      ...(node.is_no_inherit && { alone: true }),
      enforced: kind === 'check' || kind === 'foreign' ? node.is_enforced === true : true,
      ...(node.raw_expr && { expression: node.raw_expr }),
      ...(node.pk_attrs && { referencedColumns: texts(node.pk_attrs) }),
      ...(node.pktable && { references: resolve(catalog, node.pktable, catalog.tables) }),
      ...definitionOf(node, kind, columns, node.pk_attrs ? texts(node.pk_attrs) : keyOf(catalog, node)),
    },
  ];
}

/** The primary key that a foreign key refers to where it names no columns. */
const keyOf = (catalog: Catalog, { pktable = {} }: ConstraintNode): string[] =>
  catalog.tables
    .get(resolve(catalog, pktable, catalog.tables))
    ?.constraints.find(({ kind }) => kind === 'primary')?.columns ?? [];

const CONSTRAINTS = Object.keys(KINDS);

/** The index that keeps a key; of an exclusion, which ON CONFLICT does not find, its columns. */
export const indexesOf = (constraints: Constraint[]): Index[] =>
  constraints.flatMap(({ name, kind, columns, definition }) =>
    kind === 'unique' || kind === 'primary' || kind === 'exclude'
      ? {
          name,
          columns,
          unique: kind !== 'exclude',
          valid: true,
          reads: columns,
          computed: false,
          space: 'pg_default',
          ...(definition !== undefined && { definition: overColumns(columns) }),
        }
      : [],
  );

/** DEFERRABLE and INITIALLY DEFERRED behind a column's constraint are nodes of their own. */
function timed({ constraints = [] }: ColumnDef, node: ConstraintNode): ConstraintNode {
  const all = constraints.flatMap((one) => ('Constraint' in one ? one.Constraint : []));
  const behind = all.slice(all.indexOf(node) + 1);
  const next = behind.findIndex(({ contype }) => !contype?.startsWith('CONSTR_ATTR'));
  const own = (next < 0 ? behind : behind.slice(0, next)).map(({ contype }) => contype);
  return {
    ...node,
    ...(own.includes('CONSTR_ATTR_DEFERRABLE') && { deferrable: true }),
    ...(own.includes('CONSTR_ATTR_DEFERRED') && { initdeferred: true }),
  };
}

export const inlineNodes = (definition: ColumnDef): WrittenConstraint[] =>
  inline(definition, ...CONSTRAINTS).map((node) => ({
    node: timed(definition, node),
    column: definition.colname,
  }));

export const inlineConstraints = (catalog: Catalog, table: string, definition: ColumnDef) =>
  inlineNodes(definition).flatMap(({ node, column }) => constraintOf(catalog, table, node, column));
