import type { AlterTableCmd, CreateStmt } from 'libpg-query';
import { resolve } from '../catalog';
import { asColumn, asConstraint } from '../syntax';
import type { LockTaken } from '../types';
import { inlineParents } from './keys';
import { on, type Subject } from './rule';

const partition = ({ node, catalog }: Subject<AlterTableCmd>): string => {
  const name = node.def && 'PartitionCmd' in node.def ? node.def.PartitionCmd.name : undefined;
  return resolve(catalog, name ?? {}, catalog.tables);
};

/** The partition that comes or goes, and the default partition, which is read or locked with it. */
export function attached(subject: Subject<AlterTableCmd>): string[] {
  const { defaultPartition } = subject.table ?? {};
  return [partition(subject), ...(defaultPartition ? [defaultPartition] : [])];
}

/** A validated CHECK may prove the bounds; whether its bounds are the same is PostgreSQL's to say. */
export function fitsByCheck(subject: Subject<AlterTableCmd>): boolean {
  const table = subject.catalog.tables.get(partition(subject));
  const fits = table?.constraints.some(({ kind, validated }) => kind === 'check' && validated) ?? false;
  return (fits || table?.created === true) && subject.table?.defaultPartition === undefined;
}

export const isConcurrentDetach = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true;

/** The table that INHERIT names. */
export const inherited = ({ node, catalog }: Subject<AlterTableCmd>): string[] =>
  node.def && 'RangeVar' in node.def ? [resolve(catalog, node.def.RangeVar, catalog.tables)] : [];

/** What a new table locks of the tables that are there: those it refers to, and the one it is a partition of. */
export function created({ node, catalog }: Subject<CreateStmt>): LockTaken[] {
  const parents = (node.tableElts ?? []).flatMap((element) => {
    const table = asConstraint(element)?.pktable;
    return table ? [resolve(catalog, table, catalog.tables)] : inlineParents(catalog, asColumn(element));
  });
  const whole = (node.inhRelations ?? []).flatMap((ancestor) =>
    'RangeVar' in ancestor ? resolve(catalog, ancestor.RangeVar, catalog.tables) : [],
  );
  const defaults = node.partbound
    ? whole.flatMap((name) => catalog.tables.get(name)?.defaultPartition ?? [])
    : [];
  return [
    ...on('SHARE ROW EXCLUSIVE', parents),
    ...on(node.partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', whole),
    ...on('ACCESS EXCLUSIVE', defaults),
  ];
}
