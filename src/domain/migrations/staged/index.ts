import type { AlterTableStmt, DropStmt, IndexStmt, Node, RangeVar, RenameStmt } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import { qualified } from '../names';
import { parse, type Statement } from '../parse';
import { named, texts } from '../syntax';
import { createIndex } from './add-constraint';
import { alterTable } from './alter-table';
import { dataMigration } from './data-migration';
import { dropTable } from './drops';
import { renameColumn } from './rename-column';
import { renameTable } from './rename-table';
import { type Source, sourceOf } from './source';
import type { StagedPlan, Target } from './stage';

export { REST } from './alter-table';
export type { Stage, StagedPlan } from './stage';

type Plans = (StagedPlan | undefined)[];

function targetOf(catalog: Catalog | undefined, { schemaname, relname = '' }: Partial<RangeVar>): Target {
  const key = catalog
    ? resolve(catalog, { schemaname, relname }, catalog.tables)
    : `${schemaname ?? 'public'}.${relname}`;
  const known = catalog?.tables.get(key);
  return {
    sql: qualified(schemaname, relname),
    schema: schemaname,
    name: relname,
    key,
    catalog,
    known: known?.unseen ? undefined : known,
  };
}

function ofAlterTable(node: AlterTableStmt, source: Source, catalog?: Catalog): Plans {
  if (node.objtype !== 'OBJECT_TABLE') return [];
  return alterTable(targetOf(catalog, node.relation ?? {}), node, source);
}

function ofRename(node: RenameStmt, catalog?: Catalog): Plans {
  const target = targetOf(catalog, node.relation ?? {});
  const { renameType, relationType, subname = '', newname = '' } = node;
  if (renameType === 'OBJECT_TABLE') return [renameTable(target, newname)];
  const isColumn = renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE';
  return isColumn ? [renameColumn(target, subname, newname)] : [];
}

function ofDrop(
  { removeType, objects = [], behavior, missing_ok: optional = false }: DropStmt,
  catalog?: Catalog,
): Plans {
  if (removeType !== 'OBJECT_TABLE') return [];
  return objects.map((node) =>
    'List' in node
      ? dropTable(targetOf(catalog, named(texts(node.List.items))), behavior === 'DROP_CASCADE', optional)
      : undefined,
  );
}

interface DataStatement {
  relation?: RangeVar;
  withClause?: object;
  targetList?: Node[];
}

function ofData(
  act: 'update' | 'delete from',
  { relation = {}, withClause, targetList = [] }: DataStatement,
  source: Source,
  catalog?: Catalog,
): Plans {
  // a WITH clause may itself write, which must not be done once per batch
  if (withClause) return [];
  const sets = targetList.flatMap((node) => ('ResTarget' in node ? (node.ResTarget.name ?? []) : []));
  return [
    dataMigration(targetOf(catalog, relation), { act, alias: relation.alias?.aliasname, sets, source }),
  ];
}

function ofIndex(node: IndexStmt, source: Source, catalog?: Catalog): Plans {
  // behind the table's name stands USING or the bracket of the columns
  const at = node.relation?.location ?? 0;
  const using = source.find(['USING'], at);
  const open = source.bracket(at);
  const from = using ?? open;
  if (from === undefined) return [];
  return [createIndex(targetOf(catalog, node.relation ?? {}), node, source.between(from))];
}

const STATEMENTS: Record<string, (node: never, source: Source, catalog?: Catalog) => Plans> = {
  AlterTableStmt: ofAlterTable,
  RenameStmt: (node: RenameStmt, _, catalog) => ofRename(node, catalog),
  DropStmt: (node: DropStmt, _, catalog) => ofDrop(node, catalog),
  UpdateStmt: (node: DataStatement, ...rest) => ofData('update', node, ...rest),
  DeleteStmt: (node: DataStatement, ...rest) => ofData('delete from', node, ...rest),
  IndexStmt: ofIndex,
};

/**
 * The releases that make the change of a statement without stopping a production: one plan for each part of it that
 * has one, none for what there is no other way to do. `catalog` is the one that the statement meets; without it types,
 * defaults and keys stay open and are named in `missing`. The parser must be loaded.
 */
export function stagedPlans({ statement }: { statement: string }, catalog?: Catalog): StagedPlan[] {
  const parsed: Statement | undefined = parse(statement).statements[0];
  if (!parsed) return [];
  const plans = STATEMENTS[parsed.tag]?.(parsed.node as never, sourceOf(statement), catalog) ?? [];
  return plans.filter((plan) => plan !== undefined);
}
