import type { AlterPublicationStmt, AlterTableCmd, CreatePublicationStmt } from 'libpg-query';
import { partitionsOf, resolve } from '../catalog';
import { publishesRows } from '../schema/publications';
import { columnsIn, options, texts } from '../syntax';
import type { Subject } from './rule';

type Publishing = Subject<CreatePublicationStmt | AlterPublicationStmt>;

/** UPDATE or DELETE of its tables are published from now on: as it says, else as the publication did, else both. */
function publishesChanges({ form, node, catalog }: Publishing): boolean {
  const { options = [], pubname = '' } = node;
  const said = publishesRows(options);
  if (form === 'CreatePublicationStmt' || said !== undefined) return said ?? true;
  return catalog.publications.get(pubname) ?? true;
}

const drops = ({ node }: Publishing): boolean => 'action' in node && node.action === 'AP_DropObjects';

/** Tables among it and its partitions whose changed rows nobody could tell apart. */
export const unidentified = ({ catalog, relation, table }: Subject): string[] =>
  [...(table ? [table] : []), ...partitionsOf(catalog, relation)]
    .filter(({ kind, identity }) => (kind === 'table' || kind === 'partitioned') && identity?.length === 0)
    .map(({ name }) => name);

/** What a publication says of the relation: a list of columns, a condition. */
function saidOf({ node: { pubobjects = [] }, catalog, relation }: Publishing) {
  const tables = pubobjects.flatMap((object) =>
    'PublicationObjSpec' in object ? (object.PublicationObjSpec.pubtable ?? []) : [],
  );
  const own = tables.find(
    ({ relation: range }) => range && resolve(catalog, range, catalog.tables) === relation,
  );
  return { listed: texts(own?.columns), compared: columnsIn({ where: own?.whereClause }) };
}

/** Columns that tell rows apart and are not published, or that a condition compares and do not. */
export function outsideIdentity(subject: Publishing): string[] {
  const identity = subject.table?.identity ?? [];
  const { listed, compared } = saidOf(subject);
  if (identity.length === 0) return [];
  return [
    ...(listed.length > 0 ? identity.filter((column) => !listed.includes(column)) : []),
    ...compared.filter((column) => !identity.includes(column)),
  ];
}

/** Changes of a table are to be published that nobody could tell apart. */
export const leavesUnidentified = (subject: Publishing): boolean =>
  subject.relation !== '' &&
  !drops(subject) &&
  publishesChanges(subject) &&
  (unidentified(subject).length > 0 || outsideIdentity(subject).length > 0);

/** Why PostgreSQL does not publish a table, where that is known. */
export function unpublishable(subject: Publishing): string | undefined {
  const { table, node, relation } = subject;
  if (!table || relation === '') return undefined;
  const isNamed = node.pubobjects !== undefined;
  const isIn = table.publications?.includes(node.pubname ?? '') === true;
  if (drops(subject)) return isIn || table.kind === 'partitioned' ? undefined : 'is not in it';
  if (isNamed && isIn && 'action' in node && node.action === 'AP_AddObjects') return 'is in it already';
  if (isNamed && (table.storage?.logged === false || table.temporary) && table.kind === 'table')
    return 'is not logged';
  if (isNamed && (table.kind === 'view' || table.kind === 'materialized')) return 'is a view';
  const { listed, compared } = saidOf(subject);
  const narrowed = listed.length > 0 || compared.length > 0;
  const viaRoot = options(node.options).includes('publish_via_partition_root');
  return table.kind === 'partitioned' && narrowed && !viaRoot
    ? 'is partitioned, so that its publication can have no list of columns and no condition'
    : undefined;
}

/** What identifies rows changes to nothing, or to columns that a publication of the table leaves out. */
export function losesIdentity({
  form,
  node,
  table,
  catalog,
  relation,
  name: part,
}: Subject<AlterTableCmd>): boolean {
  const key = table?.constraints.find((one) => one.kind === 'primary');
  if (form === 'AT_DropConstraint')
    return (
      key?.name === part && [table, ...partitionsOf(catalog, relation)].some((one) => one?.published === true)
    );
  const identity = node.def && 'ReplicaIdentityStmt' in node.def ? node.def.ReplicaIdentityStmt : undefined;
  if (form !== 'AT_ReplicaIdentity' || !identity || !table?.published) return false;
  const { identity_type: kind, name } = identity;
  const primary = table.constraints.find((one) => one.kind === 'primary')?.columns;
  const index = table.indexes.find((one) => one.name === name)?.columns;
  const columns =
    { n: [], d: primary ?? [], i: index ?? [], f: table.columns.map((column) => column.name) }[kind ?? 'n'] ??
    [];
  const lists = (table.columnUsers ?? []).filter((user) => user.kind === 'publication');
  // computed columns are not published, so that they cannot tell rows apart
  const computed = kind === 'f' && catalog.major >= 18 && table.columns.some(({ generated }) => generated);
  const left = lists.some((list) => columns.some((column) => !list.columns.includes(column)));
  return columns.length === 0 || computed || left;
}
