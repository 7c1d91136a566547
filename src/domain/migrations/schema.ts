import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint as ConstraintNode,
  CreateStmt,
  CreateTrigStmt,
  DropStmt,
  IndexStmt,
  Node,
  RenameStmt,
} from 'libpg-query';
import { type Catalog, type Column, type Constraint, copyOf, resolve, type Table } from './catalog';
import type { Statement } from './parse';
import { asColumn, asConstraint, columnsIn, inline, isSerial, named, texts, typeOf } from './syntax';

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

/** The name that PostgreSQL gives a constraint that has none. */
function defaultName(table: string, columns: string[], kind: Constraint['kind']): string {
  const middle = kind === 'primary' ? [] : columns;
  return [table.slice(table.indexOf('.') + 1), ...middle, SUFFIXES[kind]].join('_');
}

function constraintOf(catalog: Catalog, table: string, node: ConstraintNode, column?: string): Constraint[] {
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
      ...(node.raw_expr && { expression: node.raw_expr }),
      ...(node.pk_attrs && { referencedColumns: texts(node.pk_attrs) }),
      ...(node.pktable && { references: resolve(catalog, node.pktable, catalog.tables) }),
    },
  ];
}

const CONSTRAINTS = Object.keys(KINDS);

function columnOf(catalog: Catalog, definition: ColumnDef): Column {
  const written = typeOf(definition.typeName);
  const userType = resolve(catalog, named(written.name.split('.')), {
    has: (key) => catalog.domains.has(key) || catalog.enums.has(key),
  });
  const known = catalog.domains.has(userType) || catalog.enums.has(userType);
  return {
    name: definition.colname ?? '',
    type: known ? { ...written, name: userType } : written,
    nullable:
      inline(definition, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY').length === 0 &&
      !isSerial(written),
    hasDefault:
      inline(definition, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED').length > 0 ||
      isSerial(written),
  };
}

/** A column that comes to a table with rows: they have its default, or nothing. */
function addedColumn(catalog: Catalog, definition: ColumnDef): Column {
  const column = columnOf(catalog, definition);
  return { ...column, created: true, nullShare: column.hasDefault ? 0 : 1 };
}

const inlineConstraints = (catalog: Catalog, table: string, definition: ColumnDef) =>
  inline(definition, ...CONSTRAINTS).flatMap((node) =>
    constraintOf(catalog, table, node, definition.colname),
  );

function createTable(
  catalog: Catalog,
  { relation = {}, tableElts = [], inhRelations, partspec, partbound }: CreateStmt,
) {
  const name = resolve({ ...catalog, tables: new Map() }, relation, new Map());
  if (catalog.tables.has(name)) return;
  const definitions = tableElts.flatMap((element) => asColumn(element) ?? []);
  const parent = inhRelations?.[0];
  const partitionOf =
    partbound && parent && 'RangeVar' in parent
      ? resolve(catalog, parent.RangeVar, catalog.tables)
      : undefined;
  catalog.tables.set(name, {
    name,
    kind: partspec ? 'partitioned' : 'table',
    rows: 0,
    bytes: 0,
    columns: definitions.map((definition) => columnOf(catalog, definition)),
    constraints: [
      ...definitions.flatMap((definition) => inlineConstraints(catalog, name, definition)),
      ...tableElts.flatMap((element) => constraintOf(catalog, name, asConstraint(element) ?? {})),
    ],
    indexes: [],
    views: [],
    partitionOf,
    created: true,
  });
}

const setColumn = (table: Table, name: string | undefined, change: Partial<Column>): Table => ({
  ...table,
  columns: table.columns.map((column) => (column.name === name ? { ...column, ...change } : column)),
});

function addConstraint(catalog: Catalog, table: Table, node: ConstraintNode | undefined): Table {
  const added = node ? constraintOf(catalog, table.name, node) : [];
  const notNull = added.flatMap(({ kind, validated, columns }) =>
    kind === 'primary' || (kind === 'not-null' && validated) ? columns : [],
  );
  const changed = notNull.reduce((before, column) => setColumn(before, column, { nullable: false }), table);
  return { ...changed, constraints: [...table.constraints, ...added] };
}

/** A table as one part of an ALTER TABLE leaves it. */
function altered(catalog: Catalog, table: Table, { subtype, name, def }: AlterTableCmd): Table {
  const definition = asColumn(def);
  switch (subtype) {
    case 'AT_AddColumn':
      return {
        ...table,
        columns: [...table.columns, addedColumn(catalog, definition!)],
        constraints: [...table.constraints, ...inlineConstraints(catalog, table.name, definition!)],
      };
    case 'AT_DropColumn':
      return {
        ...table,
        columns: table.columns.filter((column) => column.name !== name),
        constraints: table.constraints.filter(({ columns }) => !columns.includes(name!)),
        indexes: table.indexes.filter(({ columns }) => !columns.includes(name!)),
      };
    case 'AT_AddConstraint':
      return addConstraint(catalog, table, asConstraint(def));
    case 'AT_DropConstraint':
      return { ...table, constraints: table.constraints.filter((constraint) => constraint.name !== name) };
    case 'AT_ValidateConstraint':
      return {
        ...table,
        constraints: table.constraints.map((constraint) =>
          constraint.name === name ? { ...constraint, validated: true } : constraint,
        ),
      };
    case 'AT_SetNotNull':
      return setColumn(table, name, { nullable: false });
    case 'AT_DropNotNull':
      return setColumn(table, name, { nullable: true });
    case 'AT_ColumnDefault':
      return setColumn(table, name, { hasDefault: def !== undefined });
    case 'AT_AlterColumnType':
      return setColumn(table, name, { type: columnOf(catalog, definition!).type });
    default:
      return table;
  }
}

function alterTable(catalog: Catalog, { relation, cmds = [] }: AlterTableStmt) {
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  for (const command of cmds) {
    const table = catalog.tables.get(key);
    if (table && 'AlterTableCmd' in command)
      catalog.tables.set(key, altered(catalog, table, command.AlterTableCmd));
  }
}

function drop(catalog: Catalog, { removeType, objects = [] }: DropStmt) {
  for (const object of objects) {
    const parts = 'List' in object ? texts(object.List.items) : [];
    if (removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_VIEW' || removeType === 'OBJECT_MATVIEW') {
      const gone = resolve(catalog, named(parts), catalog.tables);
      catalog.tables.delete(gone);
      for (const table of catalog.tables.values()) {
        const views = table.views.filter(({ name }) => name !== gone);
        if (views.length < table.views.length) catalog.tables.set(table.name, { ...table, views });
      }
    }
    if (removeType === 'OBJECT_INDEX') {
      for (const table of catalog.tables.values()) {
        const indexes = table.indexes.filter(({ name }) => name !== parts.at(-1));
        if (indexes.length < table.indexes.length) catalog.tables.set(table.name, { ...table, indexes });
      }
    }
  }
}

function rename(catalog: Catalog, { renameType, relation, subname, newname = '' }: RenameStmt) {
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  const table = catalog.tables.get(key);
  if (!table) return;
  if (renameType === 'OBJECT_TABLE') {
    const name = `${key.slice(0, key.indexOf('.'))}.${newname}`;
    catalog.tables.delete(key);
    catalog.tables.set(name, { ...table, name });
  }
  if (renameType === 'OBJECT_COLUMN') catalog.tables.set(key, setColumn(table, subname, { name: newname }));
}

function createIndex(catalog: Catalog, { relation, idxname = '', indexParams = [], unique }: IndexStmt) {
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  const table = catalog.tables.get(key);
  const columns = indexParams.flatMap((node) => ('IndexElem' in node ? (node.IndexElem.name ?? '') : []));
  const index = { name: idxname, columns, unique: unique === true, valid: true };
  if (table) catalog.tables.set(key, { ...table, indexes: [...table.indexes, index] });
}

/** Bits of a trigger's time and events in the parser's tree, as in pg_trigger. */
const BEFORE = 2;
const INSERT = 4;

const CHANGES: Record<string, (catalog: Catalog, node: never) => void> = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  DropStmt: drop,
  RenameStmt: rename,
  IndexStmt: createIndex,
  CreateTrigStmt(catalog, { relation = {}, row, timing = 0, events = 0 }: CreateTrigStmt) {
    const key = resolve(catalog, relation, catalog.tables);
    const table = catalog.tables.get(key);
    const beforeInsert = row === true && (timing & BEFORE) !== 0 && (events & INSERT) !== 0;
    if (table && beforeInsert) catalog.tables.set(key, { ...table, filled: true });
  },
  CreatePolicyStmt(catalog, { table: range }: { table?: object }) {
    const key = resolve(catalog, range ?? {}, catalog.tables);
    const table = catalog.tables.get(key);
    if (table) catalog.tables.set(key, { ...table, policies: true });
  },
  CreateTableAsStmt(catalog, { into }: { into?: { rel?: object } }) {
    const name = resolve(catalog, into?.rel ?? {}, new Map());
    const fresh: Table = {
      name,
      kind: 'table',
      columns: [],
      constraints: [],
      indexes: [],
      views: [],
      created: true,
    };
    if (!catalog.tables.has(name)) catalog.tables.set(name, fresh);
  },
  CreateDomainStmt(catalog, node: { domainname?: Node[]; constraints?: Node[]; typeName?: object }) {
    const name = resolve(catalog, named(texts(node.domainname)), new Map());
    catalog.domains.set(name, {
      base: typeOf(node.typeName),
      constrained: (node.constraints ?? []).length > 0,
    });
  },
  CreateEnumStmt(catalog, { typeName, vals }: { typeName?: Node[]; vals?: Node[] }) {
    catalog.enums.set(resolve(catalog, named(texts(typeName)), new Map()), texts(vals));
  },
};

/** Carries a statement out in a catalog that the caller owns. Forms that change nothing of what is known are ignored. */
export function apply(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): void {
  CHANGES[statement.tag]?.(catalog, statement.node as never);
}

/** Tables of earlier releases. A table is never changed but replaced, so most stay what they are from release to release. */
const earlier = new WeakSet<Table>();

/** Makes the tables of a release those of an earlier one: nobody knows how many rows they have by now. */
export function deployed(catalog: Catalog): Catalog {
  for (const [name, table] of catalog.tables) {
    if (earlier.has(table)) continue;
    const { created: _, rows: __, bytes: ___, columns, ...rest } = table;
    const plain = columns.map(({ created: ____, nullShare: _____, ...column }) => column);
    const before: Table = { ...rest, columns: plain };
    earlier.add(before);
    catalog.tables.set(name, before);
  }
  return catalog;
}

/** The catalog after a statement; the given one stays as it is. */
export function withStatement(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): Catalog {
  const changed = copyOf(catalog);
  apply(changed, statement);
  return changed;
}
