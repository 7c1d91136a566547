import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint as ConstraintNode,
  CreateStmt,
  DropStmt,
  Node,
  PartitionSpec,
  RenameStmt,
} from 'libpg-query';
import {
  type Catalog,
  type Column,
  type ColumnUser,
  type Constraint,
  copyOf,
  type Index,
  partitionsOf,
  resolve,
  type Table,
} from './catalog';
import { definitionOf, overColumns } from './definitions';
import { indexesLike, madeName } from './index-names';
import { actsInside } from './inside';
import { keysOnce, type WrittenConstraint } from './keys-once';
import type { Statement } from './parse';
import { attachIndex, createIndex, dropParts, passOnIndexes, renameIndex } from './schema-indexes';
import {
  dropObject,
  forgetRelation,
  forgetUsers,
  inWords,
  newName,
  objectChanges,
  useIn,
  userType,
} from './schema-objects';
import { followPath } from './search-path';
import { asColumn, asConstraint, columnsIn, inline, isNull, isSerial, named, texts, typeOf } from './syntax';

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
  // a CHECK of several columns is named by none
  const middle = kind === 'primary' || (kind === 'check' && columns.length > 1) ? [] : columns;
  return madeName(bareName(table), middle, SUFFIXES[kind]);
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

function columnOf(catalog: Catalog, definition: ColumnDef): Column {
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
const computedFrom = (definition: ColumnDef): ColumnUser[] =>
  inline(definition, 'CONSTR_GENERATED').map(({ raw_expr }) => ({
    kind: 'generated column',
    name: definition.colname ?? '',
    columns: columnsIn({ raw_expr }),
  }));

/** A column that comes to a table with rows: they have its default, or nothing. */
function addedColumn(catalog: Catalog, definition: ColumnDef): Column {
  const column = columnOf(catalog, definition);
  return { ...column, created: true, unfilled: true, nullShare: column.hasDefault ? 0 : 1 };
}

/** The index that keeps a key; of an exclusion, which ON CONFLICT does not find, its columns. */
const indexesOf = (constraints: Constraint[]): Index[] =>
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

const inlineNodes = (definition: ColumnDef): WrittenConstraint[] =>
  inline(definition, ...CONSTRAINTS).map((node) => ({
    node: timed(definition, node),
    column: definition.colname,
  }));

const inlineConstraints = (catalog: Catalog, table: string, definition: ColumnDef) =>
  inlineNodes(definition).flatMap(({ node, column }) => constraintOf(catalog, table, node, column));

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
      name: indexes.find(({ partOf }) => partOf === constraint.name)?.name ?? constraint.name,
      validated: true,
    })),
    indexes,
  };
}

const bareName = (key: string) => key.slice(key.indexOf('.') + 1);

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

function createTable(
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
    ...(inheritedKeys && { inherits: parents }),
    ...(partspec && { partitionKey: columnsInKey(partspec), partitionExpression: isComputed(partspec) }),
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

const columnsInKey = ({ partParams = [] }: PartitionSpec): string[] =>
  partParams.flatMap((node) =>
    'PartitionElem' in node ? (node.PartitionElem.name ?? columnsIn({ expr: node.PartitionElem.expr })) : [],
  );

const isComputed = ({ partParams = [] }: PartitionSpec): boolean =>
  partParams.some((node) => 'PartitionElem' in node && node.PartitionElem.name === undefined);

const defaultOf = (table: string, column: string) =>
  `default value for column ${column} of table ${inWords(table)}`;

/** What a default, a computed value and a CHECK call cannot be dropped. */
function computedBy(catalog: Catalog, table: string, definition: ColumnDef) {
  const column = definition.colname ?? '';
  for (const { raw_expr } of inline(definition, 'CONSTR_DEFAULT', 'CONSTR_GENERATED'))
    useIn(catalog, raw_expr, defaultOf(table, column), `${table}.${column}`);
  for (const check of inline(definition, 'CONSTR_CHECK')) checkedBy(catalog, table, check, column);
}

function checkedBy(catalog: Catalog, table: string, node: ConstraintNode | undefined, column?: string) {
  const [constraint] = node?.contype === 'CONSTR_CHECK' ? constraintOf(catalog, table, node, column) : [];
  if (constraint) useIn(catalog, node?.raw_expr, `constraint ${constraint.name} on table ${inWords(table)}`);
}

function forgetDefault(catalog: Catalog, table: string, column: string) {
  forgetUsers(catalog, (user) => user === defaultOf(table, column));
  for (const [name, sequence] of catalog.sequences)
    if (sequence.usedBy.includes(`${table}.${column}`))
      catalog.sequences.set(name, {
        ...sequence,
        usedBy: sequence.usedBy.filter((user) => user !== `${table}.${column}`),
      });
}

/** serial and identity make a sequence of the column's. */
function numberedBy(catalog: Catalog, table: string, definition: ColumnDef) {
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
  const from = node?.indexname;
  const indexes = from
    ? table.indexes.map((index) => (index.name === from ? { ...index, name: node.conname ?? from } : index))
    : [...table.indexes, ...indexesOf(added)];
  const columns = table.indexes.find(({ name }) => name === from)?.columns;
  return {
    ...changed,
    ...(added.some(({ kind }) => kind === 'primary') && { identity: columns ?? added[0]!.columns }),
    indexes,
    constraints: [
      ...table.constraints,
      ...added.map((constraint) => ({
        ...constraint,
        ...(from && { name: node.conname ?? from, columns: columns ?? [] }),
      })),
    ],
  };
}

const without = (names: string[], gone: string | undefined) => names.filter((name) => name !== gone);

/** A table as one part of an ALTER TABLE leaves it. */
function altered(catalog: Catalog, table: Table, { subtype, name, def }: AlterTableCmd): Table {
  const definition = asColumn(def);
  switch (subtype) {
    case 'AT_AddColumn':
      return {
        ...table,
        columns: [...table.columns, addedColumn(catalog, definition!)],
        constraints: [...table.constraints, ...inlineConstraints(catalog, table.name, definition!)],
        indexes: [...table.indexes, ...indexesOf(inlineConstraints(catalog, table.name, definition!))],
        columnUsers: [...(table.columnUsers ?? []), ...computedFrom(definition!)],
      };
    case 'AT_DropColumn':
      return {
        ...table,
        columns: table.columns.filter((column) => column.name !== name),
        constraints: table.constraints.filter(({ columns }) => !columns.includes(name!)),
        indexes: table.indexes.filter(({ reads }) => !reads.includes(name!)),
        columnUsers: table.columnUsers?.filter(
          (user) => user.kind !== 'generated column' || user.name !== name,
        ),
      };
    case 'AT_AddConstraint':
      return addConstraint(catalog, table, asConstraint(def));
    case 'AT_DropConstraint':
      return {
        ...table,
        constraints: table.constraints.filter((constraint) => constraint.name !== name),
        indexes: table.indexes.filter((index) => index.name !== name),
      };
    case 'AT_ValidateConstraint':
      return {
        ...table,
        constraints: table.constraints.map((constraint) =>
          constraint.name === name ? { ...constraint, validated: true } : constraint,
        ),
      };
    case 'AT_AddOf':
      return def && 'TypeName' in def
        ? { ...table, of: userType(catalog, typeOf(def.TypeName).name) }
        : table;
    case 'AT_DropOf':
      return { ...table, of: undefined };
    case 'AT_SetNotNull':
      return setColumn(table, name, { nullable: false });
    case 'AT_DropNotNull':
      return {
        ...setColumn(table, name, { nullable: true }),
        constraints: table.constraints.filter(
          ({ kind, columns }) => kind !== 'not-null' || !columns.includes(name!),
        ),
      };
    case 'AT_ColumnDefault':
      return setColumn(table, name, { hasDefault: def !== undefined && !isNull(def) });
    case 'AT_AddIdentity':
      return setColumn(table, name, { hasDefault: true, identity: true });
    case 'AT_DropIdentity':
      return setColumn(table, name, { hasDefault: false, identity: undefined });
    case 'AT_DropExpression':
      return {
        ...setColumn(table, name, { hasDefault: false, generated: undefined }),
        columnUsers: table.columnUsers?.filter(
          (user) => user.kind !== 'generated column' || user.name !== name,
        ),
      };
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      return { ...table, storage: { ...table.storage, logged: subtype === 'AT_SetLogged' } };
    case 'AT_EnableRowSecurity':
      return { ...table, secured: true };
    case 'AT_DisableRowSecurity':
      return { ...table, secured: false };
    case 'AT_ReplicaIdentity': {
      const { identity_type: identity, name: named } =
        def && 'ReplicaIdentityStmt' in def ? def.ReplicaIdentityStmt : {};
      const primary = table.constraints.find(({ kind }) => kind === 'primary')?.columns;
      const index = table.indexes.find((one) => one.name === named)?.columns;
      const all = table.columns.map((column) => column.name);
      return { ...table, identity: { d: primary, i: index, f: all }[identity ?? ''] ?? [] };
    }
    case 'AT_AddInherit':
      catalog.heirless = false;
      return { ...table, inherits: [...(table.inherits ?? []), ...rangeOf(catalog, def)] };
    case 'AT_DropInherit':
      return { ...table, inherits: without(table.inherits ?? [], rangeOf(catalog, def)[0]) };
    case 'AT_AlterColumnType':
      return setColumn(table, name, { type: columnOf(catalog, definition!).type, frequent: undefined });
    default:
      return table;
  }
}

const rangeOf = (catalog: Catalog, node: Node | undefined): string[] =>
  node && 'RangeVar' in node ? [resolve(catalog, node.RangeVar, catalog.tables)] : [];

function attach(catalog: Catalog, parent: Table, { subtype, def }: AlterTableCmd) {
  catalog.heirless = false;
  if (!def || !('PartitionCmd' in def)) return;
  const { name, bound } = def.PartitionCmd;
  const key = resolve(catalog, name ?? {}, catalog.tables);
  const part = catalog.tables.get(key);
  const comes = subtype === 'AT_AttachPartition';
  if (part) {
    const indexes = comes ? part.indexes : part.indexes.map((index) => ({ ...index, partOf: undefined }));
    catalog.tables.set(key, { ...part, indexes, partitionOf: comes ? parent.name : undefined });
    if (comes)
      passOnIndexes(
        catalog,
        parent.name,
        parent.indexes.map((index) => index.name),
      );
  }
  if (comes && bound?.is_default) catalog.tables.set(parent.name, { ...parent, defaultPartition: key });
  if (!comes && parent.defaultPartition === key)
    catalog.tables.set(parent.name, { ...parent, defaultPartition: undefined });
}

/** Parts that the partitions of a table, and tables that inherit from it, take over. */
const PASSED_ON = new Set([
  'AT_AddColumn',
  'AT_DropColumn',
  'AT_SetNotNull',
  'AT_DropNotNull',
  'AT_AlterColumnType',
  'AT_AddConstraint',
  'AT_ValidateConstraint',
]);

const KEYS = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']);

/** Of the table alone: what is NO INHERIT, and keys, of which partitions have their own. */
const isOwn = (constraint: ConstraintNode | undefined): boolean =>
  KEYS.has(constraint?.contype ?? '') || constraint?.is_no_inherit === true;

/** What is remembered of a table that no file makes: a rule of it may prove what a later statement says. */
const ON_UNSEEN = new Set(['AT_AddConstraint', 'AT_ValidateConstraint', 'AT_DropConstraint']);

const unseen = (catalog: Catalog, name: string, { def }: AlterTableCmd): Table | undefined =>
  !catalog.live && asConstraint(def)?.contype === 'CONSTR_CHECK'
    ? { name, kind: 'table', columns: [], constraints: [], indexes: [], views: [], unseen: true }
    : undefined;

function alterTable(catalog: Catalog, { relation, cmds = [], objtype }: AlterTableStmt) {
  if (objtype === 'OBJECT_TYPE') return;
  if (objtype === 'OBJECT_INDEX') return attachIndex(catalog, relation, cmds);
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  for (const command of cmds) {
    if (!('AlterTableCmd' in command)) continue;
    const part = command.AlterTableCmd;
    const table = catalog.tables.get(key) ?? unseen(catalog, key, part);
    if (!table) continue;
    if (table.unseen) {
      if (ON_UNSEEN.has(part.subtype ?? '')) catalog.tables.set(key, altered(catalog, table, part));
      continue;
    }
    const definition = asColumn(part.def);
    if (isIdle(table, part)) continue;
    if (part.subtype === 'AT_AttachPartition' || part.subtype === 'AT_DetachPartition') {
      attach(catalog, table, part);
      continue;
    }
    catalog.tables.set(key, altered(catalog, table, part));
    if (part.subtype === 'AT_AddColumn') {
      numberedBy(catalog, key, definition!);
      computedBy(catalog, key, definition!);
    }
    if (part.subtype === 'AT_AddConstraint') checkedBy(catalog, key, asConstraint(part.def));
    if (part.subtype === 'AT_ColumnDefault') {
      forgetDefault(catalog, key, part.name!);
      useIn(catalog, part.def, defaultOf(key, part.name!), `${key}.${part.name}`);
    }
    if (part.subtype === 'AT_DropConstraint')
      forgetUsers(catalog, (user) => user === `constraint ${part.name} on table ${inWords(key)}`);
    if (part.subtype === 'AT_AddIdentity')
      catalog.sequences.set(`${key}_${part.name}_seq`, {
        owner: { table: key, column: part.name! },
        usedBy: [],
      });
    if (part.subtype === 'AT_DropColumn')
      forgetUsers(catalog, (user) =>
        user.replaceAll('"', '').startsWith(`default value for column ${part.name} of `),
      );
    if (part.subtype === 'AT_DropIdentity' || part.subtype === 'AT_DropColumn')
      dropNumbers(catalog, key, part.name!);
    if (PASSED_ON.has(part.subtype ?? '') && !isOwn(asConstraint(part.def)))
      for (const heir of partitionsOf(catalog, key))
        if (!isIdle(heir, part)) catalog.tables.set(heir.name, altered(catalog, heir, part));
    if (part.subtype === 'AT_DropConstraint') dropParts(catalog, part.name ?? '');
    const fresh = catalog.tables.get(key)!.indexes.filter((index) => !table.indexes.includes(index));
    if (relation?.inh === true)
      passOnIndexes(
        catalog,
        key,
        fresh.map((index) => index.name),
      );
  }
}

/** The column is there already, or not at all, and the statement says that this is no error. */
export const isIdle = (
  table: Table,
  { subtype, name, def, missing_ok: ifNeeded }: AlterTableCmd,
): boolean => {
  if (!ifNeeded) return false;
  const has = (column: string | undefined) => table.columns.some((known) => known.name === column);
  if (subtype === 'AT_AddColumn') return has(asColumn(def)?.colname);
  if (subtype === 'AT_DropColumn') return !has(name);
  if (subtype === 'AT_DropConstraint')
    return !table.constraints.some((constraint) => constraint.name === name);
  const column = table.columns.find((known) => known.name === name);
  if (subtype === 'AT_DropIdentity') return column !== undefined && !column.identity;
  return subtype === 'AT_DropExpression' && column !== undefined && !column.generated;
};

function dropNumbers(catalog: Catalog, table: string, column?: string) {
  for (const [name, { owner }] of catalog.sequences)
    if (owner?.table === table && (column === undefined || owner.column === column))
      catalog.sequences.delete(name);
}

function drop(catalog: Catalog, { removeType, objects = [] }: DropStmt) {
  for (const object of objects) {
    const parts = 'List' in object ? texts(object.List.items) : [];
    if (removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_VIEW' || removeType === 'OBJECT_MATVIEW') {
      const gone = resolve(catalog, named(parts), catalog.tables);
      for (const part of partitionsOf(catalog, gone)) catalog.tables.delete(part.name);
      catalog.tables.delete(gone);
      dropNumbers(catalog, gone);
      forgetRelation(catalog, gone);
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
      dropParts(catalog, parts.at(-1) ?? '');
      forgetUsers(catalog, (user) => user.startsWith(`index ${parts.at(-1)} of `));
    }
    dropObject(catalog, removeType, parts);
  }
}

function renamedColumn(table: Table, from: string | undefined, to: string): Table {
  const own = (columns: string[]) => columns.map((name) => (name === from ? to : name));
  return {
    ...setColumn(table, from, { name: to }),
    constraints: table.constraints.map((one) => ({
      ...one,
      columns: own(one.columns),
      // what is written out has the former name
      ...(one.columns.includes(from ?? '') && { definition: undefined }),
    })),
    indexes: table.indexes.map((one) => ({
      ...one,
      columns: own(one.columns),
      reads: own(one.reads),
      ...(one.reads.includes(from ?? '') && { definition: undefined }),
    })),
    columnUsers: table.columnUsers?.map((one) => ({ ...one, columns: own(one.columns) })),
    views: table.views.map((one) => ({ ...one, columns: own(one.columns) })),
  };
}

function rename(catalog: Catalog, { renameType, relation, subname, newname = '' }: RenameStmt) {
  if (renameType === 'OBJECT_INDEX') return renameIndex(catalog, relation?.relname, newname);
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  const table = catalog.tables.get(key);
  if (!table) return;
  if (renameType === 'OBJECT_TABLE') {
    const name = `${key.slice(0, key.indexOf('.'))}.${newname}`;
    catalog.tables.delete(key);
    catalog.tables.set(name, { ...table, name });
    for (const other of catalog.tables.values()) {
      if (other.partitionOf === key) catalog.tables.set(other.name, { ...other, partitionOf: name });
      if (other.constraints.some(({ references }) => references === key))
        catalog.tables.set(other.name, {
          ...other,
          constraints: other.constraints.map((constraint) =>
            constraint.references === key ? { ...constraint, references: name } : constraint,
          ),
        });
    }
  }
  if (renameType === 'OBJECT_TABCONSTRAINT')
    catalog.tables.set(key, {
      ...table,
      constraints: table.constraints.map((one) => (one.name === subname ? { ...one, name: newname } : one)),
      indexes: table.indexes.map((one) => (one.name === subname ? { ...one, name: newname } : one)),
    });
  if (renameType === 'OBJECT_COLUMN') catalog.tables.set(key, renamedColumn(table, subname, newname));
}

const CHANGES: Record<string, (catalog: Catalog, node: never) => void> = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  DropStmt: drop,
  RenameStmt: rename,
  IndexStmt: createIndex,
  ...objectChanges,
};

/** Carries a statement out in a catalog that the caller owns. Forms that change nothing of what is known are ignored. */
export function apply(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): void {
  followPath(catalog, statement);
  CHANGES[statement.tag]?.(catalog, statement.node as never);
  for (const act of actsInside(statement)) apply(catalog, act);
}

/** Tables of earlier releases. A table is never changed but replaced, so most stay what they are from release to release. */
const earlier = new WeakSet<Table>();

/** Makes the tables of a release those of an earlier one: nobody knows how many rows they have by now. */
export function deployed(catalog: Catalog): Catalog {
  for (const [name, table] of catalog.tables) {
    if (table.temporary) catalog.tables.delete(name);
    if (earlier.has(table) || table.temporary) continue;
    const { created: _, copied: ______, rows: __, bytes: ___, columns, ...rest } = table;
    const plain = columns.map(
      ({ created: ____, nullShare: _____, frequent: _______, unfilled: ________, ...column }) => column,
    );
    const before: Table = { ...rest, columns: plain };
    earlier.add(before);
    catalog.tables.set(name, before);
  }
  catalog.newTypes.clear();
  for (const [name, sequence] of catalog.sequences)
    if (sequence.created) catalog.sequences.set(name, { ...sequence, created: undefined });
  for (const [name, routine] of catalog.routines)
    if (routine.created) catalog.routines.set(name, { ...routine, created: undefined });
  return catalog;
}

/** The catalog after a statement; the given one stays as it is. */
export function withStatement(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): Catalog {
  const changed = copyOf(catalog);
  apply(changed, statement);
  return changed;
}
