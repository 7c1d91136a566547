import type { AlterTableCmd, AlterTableStmt, Constraint as ConstraintNode, Node } from 'libpg-query';
import { type Catalog, partitionsOf, resolve, type Table } from '../catalog';
import { asColumn, asConstraint, isNull, typeOf } from '../syntax';
import {
  addedColumn,
  checkedBy,
  columnOf,
  computedBy,
  computedFrom,
  defaultOf,
  dropNumbers,
  forgetDefault,
  numberedBy,
  setColumn,
} from './columns';
import { constraintOf, indexesOf, inlineConstraints } from './constraints';
import { forgetUsers } from './forget';
import { userType } from './held';
import { attachIndex, dropParts, passOnIndexes } from './indexes';
import { inWords, useIn } from './objects';
import { own } from './rights';

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
    case 'AT_ForceRowSecurity':
    case 'AT_NoForceRowSecurity':
      return { ...table, forced: subtype === 'AT_ForceRowSecurity' };
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
    catalog.tables.set(key, {
      ...part,
      indexes,
      partitionOf: comes ? parent.name : undefined,
      bound: comes ? bound : undefined,
    });
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

export const unseen = (catalog: Catalog, name: string, { def }: AlterTableCmd): Table | undefined =>
  !catalog.live && asConstraint(def)?.contype === 'CONSTR_CHECK'
    ? { name, kind: 'table', columns: [], constraints: [], indexes: [], views: [], unseen: true }
    : undefined;

export function alterTable(catalog: Catalog, { relation, cmds = [], objtype }: AlterTableStmt) {
  if (objtype === 'OBJECT_TYPE') return;
  if (objtype === 'OBJECT_INDEX') return attachIndex(catalog, relation, cmds);
  const key = resolve(
    catalog,
    relation ?? {},
    objtype === 'OBJECT_SEQUENCE' ? catalog.sequences : catalog.tables,
  );
  for (const command of cmds) {
    if (!('AlterTableCmd' in command)) continue;
    const part = command.AlterTableCmd;
    if (part.subtype === 'AT_ChangeOwner') own(catalog, key, part.newowner);
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
