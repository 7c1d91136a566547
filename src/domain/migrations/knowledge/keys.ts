import type { AlterTableCmd, AlterTableStmt, ColumnDef, IndexStmt, InsertStmt, Node } from 'libpg-query';
import {
  type Catalog,
  type Constraint,
  childrenOf,
  type Index,
  parentsOf,
  partitionsOf,
  resolve,
  type Table,
  withParts,
} from '../catalog';
import { asColumn, asConstraint, columnsIn, inline, isNull, named, texts, typeOf } from '../syntax';
import { isVolatile } from '../volatility';
import { defaultComesBack, keyComesBack, nameComesBack } from './following';
import type { Subject } from './rule';

/** The index that a DROP INDEX is about. */
export const indexOf = ({ table, name }: Subject): Index | undefined =>
  table?.indexes.find((index) => index.name === name);

/** No other key on the columns is there, or comes in the same transaction. */
const isMissed = (subject: Subject, columns: string[]): boolean =>
  !hasTwin(subject.table, columns, subject.name) && !keyComesBack(subject, columns);

/** The index of a DROP INDEX keeps values apart for somebody, as one that a failed build left behind does not. */
export function isLivingKey(subject: Subject): boolean {
  const index = indexOf(subject);
  return index?.unique === true && index.valid && isMissed(subject, index.columns);
}

/** Another unique index or key on the same columns, which ON CONFLICT finds instead. */
export function hasTwin(table: Table | undefined, columns: string[], except: string): boolean {
  const same = (other: string[]) => [...other].sort().join() === [...columns].sort().join();
  return (
    (table?.indexes ?? []).some(
      (index) =>
        index.name !== except && index.unique && index.valid && !index.computed && same(index.columns),
    ) ||
    (table?.constraints ?? []).some(
      ({ kind, name, columns: own }) =>
        name !== except && (kind === 'unique' || kind === 'primary') && same(own),
    )
  );
}

/** ADD CONSTRAINT … USING INDEX. */
export const isKeyOnIndex = ({ def }: AlterTableCmd): boolean => Boolean(asConstraint(def)?.indexname);

/** The primary key that is added has a column that may be NULL; so it has where nothing is known. */
export function makesNotNull({ node, table }: Subject<AlterTableCmd>): boolean {
  const { contype, indexname } = asConstraint(node.def) ?? {};
  if (contype !== 'CONSTR_PRIMARY') return false;
  const columns = table?.indexes.find(({ name }) => name === indexname)?.columns;
  return columns === undefined || columns.some((column) => !isNotNull(table, column));
}

export const isNotNull = (table: Table | undefined, name: string): boolean =>
  table?.columns.find((column) => column.name === name)?.nullable === false;

export const isConstraint = ({ def }: AlterTableCmd, kind: string, notValid: boolean): boolean => {
  const constraint = asConstraint(def);
  return constraint?.contype === kind && (constraint.skip_validation === true) === notValid;
};

const constraintOf = ({ table, name }: Subject) =>
  table?.constraints.find((constraint) => constraint.name === name);

/** A unique or primary key that goes without another one in its place. */
export function isUniqueKey(subject: Subject): boolean {
  const found = constraintOf(subject);
  const key = found?.kind === 'unique' || found?.kind === 'primary';
  return key && found.deferrable !== true && isMissed(subject, found.columns);
}

/** The table of a key, and its partitions, whose indexes are parts of that of the key whether ONLY is said or not. */
export const keyOf = ({ catalog, relation, table, alone }: Subject): string[] =>
  alone && table?.kind !== 'partitioned' ? [relation] : withParts(catalog, relation);

/** A key that goes while ON CONFLICT (…) finds another one, and no constraint gets its name. */
export function isDoubledKey(subject: Subject<AlterTableCmd>): boolean {
  const found = constraintOf(subject);
  const key = found?.kind === 'unique' || found?.kind === 'primary';
  return key && found.deferrable !== true && !isUniqueKey(subject) && !nameComesBack(subject);
}

/** The table that the named foreign key points to. */
export const referencedTable = (subject: Subject): string | undefined => constraintOf(subject)?.references;

/** The table that a new foreign key points to. */
export const parent = ({ node, catalog }: Subject<AlterTableCmd>): string =>
  resolve(catalog, asConstraint(node.def)?.pktable ?? {}, catalog.tables);

export const inlineParents = (catalog: Catalog, column: ColumnDef | undefined): string[] =>
  inline(column, 'CONSTR_FOREIGN').flatMap(({ pktable }) => {
    return withParts(catalog, resolve(catalog, pktable ?? {}, catalog.tables));
  });

/** Tables whose foreign keys go with a key that is dropped with CASCADE. */
export const cascaded = ({ catalog, relation, node }: Subject<AlterTableCmd>): string[] =>
  node.behavior === 'DROP_CASCADE'
    ? childrenOf(catalog, relation).flatMap(({ name }) => withParts(catalog, name))
    : [];

/** Tables with foreign keys to a table, or to one column of it. One to a partitioned table needs each of its partitions. */
function dependentOn(catalog: Catalog, relation: string, column?: string): string[] {
  const { partitionOf } = catalog.tables.get(relation) ?? {};
  const own = childrenOf(catalog, relation).filter(({ constraints }) =>
    constraints.some(
      ({ references, referencedColumns }) =>
        references === relation && (column === undefined || referencedColumns?.includes(column)),
    ),
  );
  return [
    ...own.flatMap(({ name }) => withParts(catalog, name)),
    ...(partitionOf !== undefined && column === undefined ? dependentOn(catalog, partitionOf) : []),
  ];
}

/** Tables whose foreign keys, and views whose columns, go with a table or one column of it. */
export const dependants = ({ catalog, relation, table }: Subject, column?: string): string[] => [
  ...dependentOn(catalog, relation, column),
  ...(table?.views ?? [])
    .filter(({ columns }) => column === undefined || columns.includes(column))
    .map(({ name }) => name),
];

/** Tables that a table's foreign keys point to, those on `column` only where one is given, with their partitions. */
export const referred = (catalog: Catalog, table: Table | undefined, column?: string): string[] =>
  parentsOf(table, column).flatMap((name) => withParts(catalog, name));

/** Everything whose foreign keys lead to the relation, over any number of tables. */
export function descendants({ catalog, relation }: Subject, seen = new Set<string>()): string[] {
  for (const { name } of childrenOf(catalog, relation)) {
    if (seen.has(name)) continue;
    seen.add(name);
    descendants({ catalog, relation: name } as Subject, seen);
  }
  return [...seen];
}

/** Parents by foreign keys on the column, and children by foreign keys to it: their constraints are made anew. */
export const linked = ({ catalog, relation, table, name }: Subject): string[] => [
  ...referred(catalog, table, name),
  ...childrenOf(catalog, relation)
    .filter(({ constraints }) =>
      constraints.some(
        ({ references, referencedColumns }) => references === relation && referencedColumns?.includes(name),
      ),
    )
    .map((child) => child.name),
];

/** Existing tables that a new table refers to or becomes a part of. */
export const tablesIn = ({ catalog, name }: Subject): string[] =>
  [...catalog.tables.keys()].filter((key) =>
    resolve(catalog, named(key.split('.')), catalog.tables).startsWith(`${name}.`),
  );

/** Whether old inserts may count on the default that goes. */
export function losesNeededDefault(subject: Subject<AlterTableCmd>): boolean {
  const { table, name } = subject;
  const column = table?.columns.find((known) => known.name === name);
  return column !== undefined && !column.nullable && column.hasDefault && !defaultComesBack(subject);
}

/** ALTER CONSTRAINT … [NOT] ENFORCED. */
export const changesEnforcement = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'ATAlterConstraint' in def && def.ATAlterConstraint.alterEnforceability === true;

/** ALTER CONSTRAINT … ENFORCED of one that is not known to be enforced. */
export function enforces({ node, table }: Subject<AlterTableCmd>): boolean {
  const change = node.def && 'ATAlterConstraint' in node.def ? node.def.ATAlterConstraint : undefined;
  const known = table?.constraints.find(({ name }) => name === change?.conname);
  return change?.alterEnforceability === true && change.is_enforced === true && known?.enforced !== true;
}

/** Heirs in which ALTER CONSTRAINT … INHERIT looks for NULLs: those that do not forbid them yet. */
export function heirsAsked({ node, table, catalog, relation }: Subject<AlterTableCmd>): string[] {
  const change = node.def && 'ATAlterConstraint' in node.def ? node.def.ATAlterConstraint : undefined;
  if (change?.alterInheritability !== true || change.noinherit) return [];
  const columns = table?.constraints.find(({ name }) => name === change.conname)?.columns ?? [];
  return partitionsOf(catalog, relation)
    .filter((heir) => columns.length === 0 || columns.some((column) => !isNotNull(heir, column)))
    .map(({ name }) => name);
}

/** The name in an ALTER CONSTRAINT. */
export const alteredConstraint = ({ def }: AlterTableCmd): string =>
  (def && 'ATAlterConstraint' in def && def.ATAlterConstraint.conname) || '';

/** The table that the foreign key of an ALTER CONSTRAINT points to. */
export const namedForeignKey = ({ node, table }: Subject<AlterTableCmd>): string[] =>
  (table?.constraints ?? []).flatMap((one) =>
    one.name === alteredConstraint(node) ? (one.references ?? []) : [],
  );

/** ALTER INDEX … SET TABLESPACE. */
export const namesSpace = ({ cmds = [] }: AlterTableStmt): boolean =>
  cmds.some((node) => 'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_SetTableSpace');

/** ALTER INDEX … SET TABLESPACE of another one than it is in. */
export const movesIndex = ({ node: { cmds = [] }, table, name }: Subject<AlterTableStmt>): boolean =>
  cmds.some(
    (node) =>
      'AlterTableCmd' in node &&
      node.AlterTableCmd.subtype === 'AT_SetTableSpace' &&
      node.AlterTableCmd.name !== table?.indexes.find((index) => index.name === name)?.space,
  );

/** DROP DEFAULT, also as SET DEFAULT NULL. */
export const takesDefault = ({ def }: AlterTableCmd): boolean => def === undefined || isNull(def);

/** Tables whose foreign keys point to the columns of the named key. */
export function referringTo({ catalog, relation, table, name }: Subject): string[] {
  const key = table?.constraints.find((one) => one.name === name);
  if (key?.kind !== 'primary' && key?.kind !== 'unique') return [];
  const columns = [...key.columns].sort().join();
  // where the columns are not said, it is the primary key
  const isMeant = ({ references, referencedColumns }: Constraint) =>
    references === relation &&
    (referencedColumns?.length ? [...referencedColumns].sort().join() === columns : key.kind === 'primary');
  return childrenOf(catalog, relation)
    .filter(({ constraints }) => constraints.some(isMeant))
    .map((child) => child.name);
}

/** A rule about INSERT or UPDATE, with which ON CONFLICT is refused; without a key nobody can write one. */
export const standsBeforeConflict = ({ node, table }: Subject<{ event?: string }>): boolean =>
  (node.event === 'CMD_INSERT' || node.event === 'CMD_UPDATE') &&
  (table === undefined || table.indexes.some(({ unique }) => unique));

/** A default that is the same for every row comes in the place of another one, on a column that is a key by itself. */
export function repeatsKey({ node, table, name, catalog }: Subject<AlterTableCmd>): boolean {
  if (takesDefault(node) || isVolatile(catalog, node.def)) return false;
  const had = table?.columns.find((column) => column.name === name)?.hasDefault === true;
  return had && table.indexes.some((index) => index.unique && index.valid && index.columns.join() === name);
}

/** The release itself has added it, so that no version at work names it. */
export const isNewColumn = ({ table, name }: Subject): boolean =>
  table?.columns.some((column) => column.name === name && column.created) === true;

const ALWAYS = 'a';

/** SET GENERATED ALWAYS: the parser has the letter as its number. */
const setsAlways = (options: Node[] = []): boolean =>
  options.some((node) => {
    const { defname, arg } = 'DefElem' in node ? node.DefElem : {};
    return defname === 'generated' && arg && 'Integer' in arg && arg.Integer.ival === ALWAYS.charCodeAt(0);
  });

/** GENERATED ALWAYS for a column that could be written until now: whoever writes it is refused. */
export const numbersWritten = ({ node, table, name }: Subject<AlterTableCmd>): boolean =>
  (node.subtype === 'AT_AddIdentity' || node.subtype === 'AT_SetIdentity') &&
  (setsAlways(node.def && 'List' in node.def ? node.def.List.items : []) ||
    inline({ constraints: node.def ? [node.def] : [] }, 'CONSTR_IDENTITY').some(
      ({ generated_when }) => generated_when === ALWAYS,
    )) &&
  !isNewColumn({ table, name } as Subject);

/** ON CONFLICT without a target looks at every key, and takes none that is checked later. */
export const meetsDeferrable = ({ node, table }: Subject<InsertStmt>): boolean =>
  node.onConflictClause !== undefined &&
  node.onConflictClause.infer === undefined &&
  table?.constraints.some(
    ({ deferrable, kind }) => deferrable && (kind === 'unique' || kind === 'primary'),
  ) === true;

/** The indexes of a column whose values are then of a type without an order. */
export const unorderedIndexes = ({ node, table, name }: Subject<AlterTableCmd>): string[] =>
  UNORDERED.has(typeOf(asColumn(node.def)?.typeName).name)
    ? (table?.indexes ?? []).filter(({ columns }) => columns.includes(name)).map((index) => index.name)
    : [];

const UNORDERED = new Set(['json', 'xml', 'point', 'polygon', 'box', 'line', 'lseg', 'path', 'circle']);

/** ALTER CONSTRAINT of one that is no foreign key. */
export function altersNoKey({ node, table }: Subject<AlterTableCmd>): boolean {
  const known = table?.constraints.find(({ name }) => name === alteredConstraint(node));
  return known !== undefined && known.kind !== 'foreign' && known.kind !== 'not-null';
}

/** A key that is checked later comes beside one on the same columns, or of its index: ON CONFLICT (…) meets it, and is refused. */
export function doublesKey({ node, table, name }: Subject<AlterTableCmd>): boolean {
  const { contype, deferrable, keys, indexname } = asConstraint(node.def) ?? {};
  const index = table?.indexes.find((one) => one.name === indexname);
  if (indexname) return deferrable === true && index?.created !== true;
  return contype === 'CONSTR_UNIQUE' && deferrable === true && hasTwin(table, texts(keys), name);
}

/** Columns of a statement that are computed when they are read, for which PostgreSQL keeps nothing. */
export function virtualColumns({ form, node, table, name }: Subject): string[] {
  const { def, indexParams = [] } = node as AlterTableCmd & IndexStmt;
  const constraint = form === 'AT_AddConstraint' ? asConstraint(def) : undefined;
  const named =
    constraint && constraint.contype !== 'CONSTR_CHECK'
      ? [...texts(constraint.keys), ...texts(constraint.fk_attrs)]
      : form === 'IndexStmt'
        ? columnsIn({ indexParams }).concat(
            indexParams.flatMap((param) => ('IndexElem' in param ? (param.IndexElem.name ?? []) : [])),
          )
        : [name];
  return (table?.columns ?? [])
    .filter((column) => column.generated === 'virtual' && named.includes(column.name))
    .map((column) => column.name);
}

/** The named constraint is not looked at. */
export const isUnenforced = (subject: Subject): boolean => constraintOf(subject)?.enforced === false;

/** An exclusion, which ON CONFLICT finds by its name alone. */
export const isNamedByConflicts = (subject: Subject): boolean => constraintOf(subject)?.kind === 'exclude';
