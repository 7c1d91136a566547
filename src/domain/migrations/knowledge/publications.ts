import type { AlterPublicationStmt, AlterTableCmd, CreatePublicationStmt } from 'libpg-query';
import { partitionsOf } from '../catalog';
import { publishesRows } from '../schema-objects';
import type { Subject } from './rule';

export const publishesChanges = ({ node }: Subject<CreatePublicationStmt | AlterPublicationStmt>): boolean =>
  publishesRows(node.options);

/** Tables among it and its partitions whose changed rows nobody could tell apart. */
export const unidentified = ({ catalog, relation, table }: Subject): string[] =>
  [...(table ? [table] : []), ...partitionsOf(catalog, relation)]
    .filter(({ kind, identified }) => (kind === 'table' || kind === 'partitioned') && identified === false)
    .map(({ name }) => name);

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
