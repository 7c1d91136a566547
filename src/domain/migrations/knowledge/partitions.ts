import type { AlterTableCmd, CreateStmt } from 'libpg-query';
import { type Catalog, childrenOf, partitionsOf, resolve, type Table, withParts } from '../catalog';
import { asColumn, asConstraint, texts } from '../syntax';
import type { LockTaken } from '../types';
import { boundsOf, provesOutside, provesWithin } from './bounds';
import { inlineParents, isNotNull, referred } from './keys';
import { on, own, type Subject, whole } from './rule';

const command = ({ node }: Subject<AlterTableCmd>) =>
  node.def && 'PartitionCmd' in node.def ? node.def.PartitionCmd : undefined;

const partition = (subject: Subject<AlterTableCmd>): string =>
  resolve(subject.catalog, command(subject)?.name ?? {}, subject.catalog.tables);

/** The partition that comes or goes, with what belongs to it, and the default partition, which is locked with it. */
export function attached(subject: Subject<AlterTableCmd>): string[] {
  const { catalog, table } = subject;
  const name = partition(subject);
  return [
    name,
    ...partitionsOf(catalog, name).map((part) => part.name),
    ...(table?.defaultPartition ? withParts(catalog, table.defaultPartition) : []),
  ];
}

/** Indexes that the parent has and the table has not: they are built when it is attached. */
const missingIndexes = (parent: Table | undefined, child: Table | undefined): string[] =>
  (parent?.indexes ?? [])
    .filter(
      (index) =>
        !child?.indexes.some(
          (own) =>
            own.valid &&
            own.unique === index.unique &&
            own.computed === index.computed &&
            own.columns.join() === index.columns.join() &&
            [...own.reads].sort().join() === [...index.reads].sort().join(),
        ),
    )
    .map(({ name }) => name);

/** Tables that the parent's foreign keys point to, and whether the table has the same key. */
function keysOf(parent: Table | undefined, child: Table | undefined): { to: string; there: boolean }[] {
  return (parent?.constraints ?? []).flatMap(({ kind, references, columns }) =>
    kind === 'foreign' && references
      ? {
          to: references,
          there:
            child?.constraints.some(
              (own) => own.references === references && own.columns.join() === columns.join(),
            ) === true,
        }
      : [],
  );
}

/** Tables that ATTACH reads whole, and why: no CHECK proves it, a foreign key or an index is missing, or a default partition. */
export function readToAttach(subject: Subject<AlterTableCmd>): string[] {
  const { catalog, table: parent } = subject;
  const name = partition(subject);
  const child = catalog.tables.get(name);
  const bounds = boundsOf(parent, command(subject)?.bound);
  const isDefault = command(subject)?.bound?.is_default === true;
  const proven = child !== undefined && !isDefault && provesWithin(child, bounds);
  const keys = keysOf(parent, child).some(({ there }) => !there);
  const reads = !proven || keys || missingIndexes(parent, child).length > 0;
  // nobody but the release itself has put rows into it
  const empty = child?.created === true && !child.copied;
  const other = parent?.defaultPartition;
  const rest = other ? catalog.tables.get(other) : undefined;
  return [
    ...(reads && !empty ? withParts(catalog, name) : []),
    ...(other && !(rest && provesOutside(rest, bounds)) ? withParts(catalog, other) : []),
  ];
}

/** What ATTACH locks beside the parent. */
export function locksToAttach(subject: Subject<AlterTableCmd>): LockTaken[] {
  const { catalog, relation, table: parent } = subject;
  const child = catalog.tables.get(partition(subject));
  return [
    ...on('ACCESS EXCLUSIVE', attached(subject)),
    ...keysOf(parent, child).flatMap(({ to, there }) =>
      on(there ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE', withParts(catalog, to)),
    ),
    ...on('SHARE ROW EXCLUSIVE', referring(catalog, relation)),
  ];
}

/** Tables whose foreign keys point to a table, with their partitions. */
const referring = (catalog: Catalog, name: string): string[] =>
  childrenOf(catalog, name).flatMap((child) => withParts(catalog, child.name));

/** What DETACH locks beside the parent and the partition: keys from it and to it are made anew. */
export const locksToDetach = ({ catalog, relation, table }: Subject<AlterTableCmd>): LockTaken[] => [
  ...on('SHARE ROW EXCLUSIVE', referred(catalog, table)),
  ...on('ACCESS EXCLUSIVE', referring(catalog, relation)),
];

/** Why PostgreSQL does not take a table for a partition, where that is known. */
export function unfit(subject: Subject<AlterTableCmd>): string | undefined {
  const { catalog, table: parent } = subject;
  const child = catalog.tables.get(partition(subject));
  if (!parent || !child) return undefined;
  const column = child.columns.find(({ identity }) => identity);
  if (catalog.major >= 17 && column) return `${column.name} is an identity column`;
  const check = parent.constraints.find(
    ({ kind, name }) =>
      kind === 'check' && !child.constraints.some((own) => own.kind === 'check' && own.name === name),
  );
  if (check) return `CHECK ${check.name} is missing`;
  const open = parent.columns.find(
    ({ name, nullable }) => !nullable && child.columns.find((own) => own.name === name)?.nullable === true,
  );
  if (open) return `${open.name} may be NULL`;
  const strange = child.columns.find(
    ({ name }) => parent.columns.length > 0 && !parent.columns.some((own) => own.name === name),
  );
  if (strange) return `${strange.name} is no column of ${parent.name}`;
  return undefined;
}

/** The table that comes or goes. */
export const partitionOf = partition;

export const isConcurrentDetach = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true;

/** The table that INHERIT names. */
export const inherited = ({ node, catalog }: Subject<AlterTableCmd>): string[] =>
  node.def && 'RangeVar' in node.def ? [resolve(catalog, node.def.RangeVar, catalog.tables)] : [];

const ancestors = ({ node, catalog }: Subject<CreateStmt>) =>
  (node.inhRelations ?? []).flatMap((ancestor) =>
    'RangeVar' in ancestor ? resolve(catalog, ancestor.RangeVar, catalog.tables) : [],
  );

/** What a new table locks of the tables that are there: those it refers to, and the one it is a partition of. */
export function created(subject: Subject<CreateStmt>): LockTaken[] {
  const { node, catalog } = subject;
  const parents = (node.tableElts ?? []).flatMap((element) => {
    const table = asConstraint(element)?.pktable;
    return table ? [resolve(catalog, table, catalog.tables)] : inlineParents(catalog, asColumn(element));
  });
  const whole = ancestors(subject);
  const of = (name: string) => catalog.tables.get(name);
  const defaults = node.partbound ? whole.flatMap((name) => of(name)?.defaultPartition ?? []) : [];
  const keys = node.partbound
    ? whole.flatMap((name) => [...referred(catalog, of(name)), ...referring(catalog, name)])
    : [];
  return [
    ...on(
      'SHARE ROW EXCLUSIVE',
      parents.flatMap((name) => withParts(catalog, name)),
    ),
    ...on(node.partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', whole),
    ...on(
      'ACCESS EXCLUSIVE',
      defaults.flatMap((name) => withParts(catalog, name)),
    ),
    ...on('SHARE ROW EXCLUSIVE', keys),
  ];
}

/** The default partition that a new partition makes PostgreSQL read, for rows that belong into the new one. */
export function readToCreate(subject: Subject<CreateStmt>): string[] {
  const { catalog, node } = subject;
  if (!node.partbound || node.partbound.is_default) return [];
  return ancestors(subject).flatMap((name) => {
    const parent = catalog.tables.get(name);
    const rest = parent?.defaultPartition && catalog.tables.get(parent.defaultPartition);
    return rest && !provesOutside(rest, boundsOf(parent, node.partbound))
      ? withParts(catalog, rest.name)
      : [];
  });
}

/** CONCURRENTLY for an index of all partitions, or CLUSTER for all of them. */
export function refusedOnPartitioned({ form, node, table, alone }: Subject<unknown>): boolean {
  if (table?.kind !== 'partitioned') return false;
  return form.startsWith('AT_') || ((node as { concurrent?: boolean }).concurrent === true && !alone);
}

/** Parts that PostgreSQL refuses on the parent alone: always, or where it is partitioned. */
const BOTH = new Set([
  'AT_AddColumn',
  'AT_AlterColumnType',
  'RenameStmt:OBJECT_COLUMN',
  'RenameStmt:OBJECT_TABCONSTRAINT',
  'AT_SetExpression',
  'AT_DropExpression',
]);
const PARTITIONED = new Set(['AT_DropColumn', 'AT_DropNotNull', 'AT_DropConstraint', 'AT_AlterConstraint']);

/** ALTER TABLE ONLY that PostgreSQL refuses because others have the column or the rule too. */
export function refusedAlone({
  form,
  alone,
  table,
  catalog,
  relation,
  node,
  name,
}: Subject<AlterTableCmd>): boolean {
  if (!alone || partitionsOf(catalog, relation).length === 0) return false;
  if (BOTH.has(form)) return form !== 'RenameStmt:OBJECT_TABCONSTRAINT' || isCheck(table, node);
  const constraint = asConstraint(node.def);
  if (form === 'AT_AddConstraint' && constraint?.is_no_inherit) return table?.kind === 'partitioned';
  if (form === 'AT_AddConstraint')
    return ['CONSTR_CHECK', 'CONSTR_NOTNULL'].includes(constraint?.contype ?? '');
  if (form === 'AT_SetNotNull' && isNotNull(table, name)) return false;
  if (form === 'AT_SetNotNull') return catalog.major >= 18 || table?.kind === 'partitioned';
  return (
    table?.kind === 'partitioned' &&
    PARTITIONED.has(form) &&
    (form !== 'AT_DropConstraint' || isCheck(table, node))
  );
}

const isCheck = (table: Table | undefined, node: object): boolean => {
  const { name, subname } = node as { name?: string; subname?: string };
  return table?.constraints.some((one) => one.name === (subname ?? name) && one.kind === 'check') === true;
};

/** Tables that an index is built on: ON ONLY of a partitioned one none. */
export const builtOn = (subject: Subject<unknown>): string[] =>
  subject.alone && subject.table?.kind === 'partitioned'
    ? []
    : whole('SHARE')(subject as Subject).map(({ relation }) => relation);

/** Tables that a new key is built on; those that inherit are read as well where a column of it may be NULL until now. */
export function readForKey(subject: Subject<AlterTableCmd>): string[] {
  const { contype, keys } = asConstraint(subject.node.def) ?? {};
  const opens =
    contype === 'CONSTR_PRIMARY' && texts(keys).some((column) => !isNotNull(subject.table, column));
  return opens ? own('SHARE')(subject).map(({ relation }) => relation) : builtOn(subject);
}

/** The strongest lock for a new rule; from 18 on what inherits is locked too where the rule is NO INHERIT, without being read. */
export const lockedForRule = (subject: Subject<AlterTableCmd>): LockTaken[] =>
  own('ACCESS EXCLUSIVE')(
    subject.catalog.major >= 18 && asConstraint(subject.node.def)?.is_no_inherit
      ? { ...subject, alone: undefined }
      : (subject as Subject),
  );

export const readForRule = (subject: Subject<AlterTableCmd>): string[] =>
  own('SHARE')(subject as Subject).map(({ relation }) => relation);
