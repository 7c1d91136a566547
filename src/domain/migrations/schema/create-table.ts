import type { CreateStmt, Node, PartitionSpec } from 'libpg-query';
import { type Catalog, type Constraint, resolve, type Table } from '../catalog';
import { indexesLike } from '../index-names';
import { asColumn, asConstraint, columnsIn, typeOf } from '../syntax';
import { checkedBy, columnOf, computedBy, computedFrom, numberedBy } from './columns';
import { constraintOf, indexesOf, inlineNodes } from './constraints';
import { userType } from './held';
import { keysOnce } from './keys-once';
import { newName } from './objects';

const isKey = ({ kind }: Constraint): boolean =>
  kind === 'primary' || kind === 'unique' || kind === 'exclude';

/** Columns, rules and indexes that a table gets from another one. */
function inherited(
  catalog: Catalog,
  from: string,
  to: string,
): Pick<Table, 'columns' | 'constraints' | 'indexes'> {
  const table = catalog.tables.get(from);
  if (!table) return { columns: [], constraints: [], indexes: [] };
  const indexes = indexesLike(table, { name: to, indexes: [] });
  return {
    columns: table.columns,
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      // a check may have the name of an index
      name:
        (isKey(constraint) && indexes.find(({ partOf }) => partOf === constraint.name)?.name) ||
        constraint.name,
      validated: true,
    })),
    indexes,
  };
}

const LIKE_INDEXES = 1 << 4;

const LIKE_CONSTRAINTS = 1 << 2;

const LIKE_DEFAULTS = 1 << 3;

const LIKE_GENERATED = 1 << 5;

const LIKE_IDENTITY = 1 << 6;

/** What LIKE copies of a table: its columns, and what it says to include. */
function liked(catalog: Catalog, element: Node, to: string): Partial<Table> {
  if (!('TableLikeClause' in element)) return {};
  const { relation = {}, options = 0 } = element.TableLikeClause;
  const { columns, constraints, indexes } = inherited(
    catalog,
    resolve(catalog, relation, catalog.tables),
    to,
  );
  const keys = (options & LIKE_INDEXES) !== 0;
  return {
    columns: columns.map(({ generated, identity, hasDefault, ...column }) => {
      const numbered = identity && (options & LIKE_IDENTITY) !== 0;
      const computed = generated && (options & LIKE_GENERATED) !== 0;
      const plain = hasDefault && !identity && !generated && (options & LIKE_DEFAULTS) !== 0;
      return {
        ...column,
        hasDefault: Boolean(numbered || computed || plain),
        ...(computed && { generated }),
        ...(numbered && { identity }),
      };
    }),
    constraints: constraints.filter(({ kind }) =>
      kind === 'check'
        ? (options & LIKE_CONSTRAINTS) !== 0
        : kind === 'not-null' || (keys && kind !== 'foreign'),
    ),
    indexes: keys ? indexes.map(({ partOf: _, ...index }) => index) : [],
  };
}

export function createTable(
  catalog: Catalog,
  {
    relation = {},
    tableElts = [],
    inhRelations = [],
    partspec,
    partbound,
    ofTypename,
    accessMethod,
    tablespacename,
  }: CreateStmt,
) {
  const name = newName(catalog, relation);
  if (inhRelations.length > 0) catalog.heirless = false;
  if (catalog.tables.has(name) && !catalog.tables.get(name)!.unseen) return;
  const definitions = tableElts.flatMap((element) => asColumn(element) ?? []);
  const parents = inhRelations.flatMap((node) =>
    'RangeVar' in node ? resolve(catalog, node.RangeVar, catalog.tables) : [],
  );
  const given = [
    ...parents.map((parent) => inherited(catalog, parent, name)),
    ...tableElts.map((element) => liked(catalog, element, name)),
  ];
  const of = <K extends 'columns' | 'constraints' | 'indexes'>(what: K): Table[K] =>
    given.flatMap((from) => (from[what] ?? []) as never[]) as Table[K];
  const own = keysOnce([
    ...definitions.flatMap(inlineNodes),
    ...tableElts.flatMap((element) => asConstraint(element) ?? []).map((node) => ({ node })),
  ]).flatMap(({ node, column }) => constraintOf(catalog, name, node, column));
  const notNull = own
    .filter(({ kind }) => kind === 'primary' || kind === 'not-null')
    .flatMap(({ columns }) => columns);
  const columns = [...of('columns'), ...definitions.map((definition) => columnOf(catalog, definition))].map(
    (column) => (notNull.includes(column.name) ? { ...column, nullable: false } : column),
  );
  const [parent] = partbound ? parents : [];
  const inheritedKeys = parents.length > 0 && !partbound;
  catalog.tables.set(name, {
    name,
    kind: partspec ? 'partitioned' : 'table',
    rows: 0,
    bytes: 0,
    // those of its type, of which files tell the names no more
    columns: ofTypename ? [] : columns,
    ...(ofTypename && { of: userType(catalog, typeOf(ofTypename).name) }),
    constraints: [
      ...of('constraints').filter(({ kind }) => !inheritedKeys || kind === 'check' || kind === 'not-null'),
      ...own,
    ],
    indexes: [...(inheritedKeys ? [] : of('indexes')), ...indexesOf(own)],
    views: [],
    columnUsers: definitions.flatMap(computedFrom),
    partitionOf: parent,
    ...(partbound && { bound: partbound }),
    ...(inheritedKeys && { inherits: parents }),
    ...(partspec && {
      partitionKey: columnsInKey(partspec),
      partitionExpression: isComputed(partspec),
      strategy: STRATEGIES[partspec.strategy ?? ''],
    }),
    identity:
      [...own, ...(inheritedKeys ? [] : of('constraints'))].find(({ kind }) => kind === 'primary')?.columns ??
      [],
    // what a database is when nobody has changed it
    storage: {
      logged: relation.relpersistence !== 'u',
      method: accessMethod ?? 'heap',
      space: tablespacename ?? 'pg_default',
    },
    created: true,
    ...(relation.relpersistence === 't' && { temporary: true }),
  });
  for (const definition of definitions) {
    numberedBy(catalog, name, definition);
    computedBy(catalog, name, definition);
  }
  for (const element of tableElts) checkedBy(catalog, name, asConstraint(element));
  const whole = parent === undefined ? undefined : catalog.tables.get(parent);
  if (whole && partbound?.is_default) catalog.tables.set(whole.name, { ...whole, defaultPartition: name });
}

const STRATEGIES: Record<string, Table['strategy']> = {
  PARTITION_STRATEGY_RANGE: 'range',
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_HASH: 'hash',
};

export const columnsInKey = ({ partParams = [] }: PartitionSpec): string[] =>
  partParams.flatMap((node) =>
    'PartitionElem' in node ? (node.PartitionElem.name ?? columnsIn({ expr: node.PartitionElem.expr })) : [],
  );

export const isComputed = ({ partParams = [] }: PartitionSpec): boolean =>
  partParams.some((node) => 'PartitionElem' in node && node.PartitionElem.name === undefined);
