import type { AlterTableCmd, AlterTableStmt, DropStmt, IndexStmt, RangeVar, RenameStmt } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import { qualified } from '../names';
import { parse, type Statement } from '../parse';
import { asColumn, asConstraint, named, texts } from '../syntax';
import { addColumn } from './add-column';
import { addConstraint, createIndex } from './add-constraint';
import { changeType } from './change-type';
import { dataMigration } from './data-migration';
import { dropColumn, dropTable } from './drops';
import { setNotNull } from './not-null';
import { renameColumn } from './rename-column';
import { renameTable } from './rename-table';
import { type Source, sourceOf } from './source';
import type { StagedPlan, Target } from './stage';

export type { Stage, StagedPlan } from './stage';

type Plans = (StagedPlan | undefined)[];

function targetOf(catalog: Catalog | undefined, { schemaname, relname = '' }: Partial<RangeVar>): Target {
  const key = catalog
    ? resolve(catalog, { schemaname, relname }, catalog.tables)
    : `${schemaname ?? 'public'}.${relname}`;
  return {
    sql: qualified(schemaname, relname),
    schema: schemaname,
    name: relname,
    key,
    catalog,
    known: catalog?.tables.get(key),
  };
}

/** `USING column::type` says no more than the cast that is made anyway. */
function usingOf(source: Source, type: number, column: string): string | undefined {
  const at = source.find(['USING'], type);
  if (at === undefined) return undefined;
  const using = source.part(at + 'USING'.length);
  const casts = new RegExp(`^\\(*"?${column.replace(/\W/g, '\\$&')}"?\\)*\\s*::`, 'i');
  return casts.test(using) ? undefined : using;
}

function alterColumnType(target: Target, { name = '', def }: AlterTableCmd, source: Source): StagedPlan {
  const at = asColumn(def)?.typeName?.location ?? 0;
  const stops = [source.find(['USING'], at), source.find(['COLLATE'], at)].filter(
    (stop) => stop !== undefined,
  );
  return changeType(target, { column: name, type: source.part(at, stops), using: usingOf(source, at, name) });
}

function addTableConstraint(target: Target, { def }: AlterTableCmd, source: Source): StagedPlan | undefined {
  const node = asConstraint(def);
  if (!node) return undefined;
  const text = source.part(node.location ?? 0);
  return addConstraint(target, node, text.replace(/^CONSTRAINT\s+(?:"(?:[^"]|"")+"|\S+)\s+/i, ''));
}

const PARTS: Record<string, (target: Target, part: AlterTableCmd, source: Source) => StagedPlan | undefined> =
  {
    AT_AddColumn: (target, { def }, source) => addColumn(target, asColumn(def) ?? {}, source),
    AT_AddConstraint: addTableConstraint,
    AT_AlterColumnType: alterColumnType,
    AT_DropColumn: (target, { name = '' }) => dropColumn(target, name),
    AT_SetNotNull: (target, { name = '' }) => setNotNull(target, name),
  };

function ofAlterTable({ relation, cmds = [] }: AlterTableStmt, source: Source, catalog?: Catalog): Plans {
  const target = targetOf(catalog, relation ?? {});
  return cmds.map((node) =>
    'AlterTableCmd' in node
      ? PARTS[node.AlterTableCmd.subtype ?? '']?.(target, node.AlterTableCmd, source)
      : undefined,
  );
}

function ofRename(node: RenameStmt, catalog?: Catalog): Plans {
  const target = targetOf(catalog, node.relation ?? {});
  const { renameType, relationType, subname = '', newname = '' } = node;
  if (renameType === 'OBJECT_TABLE') return [renameTable(target, newname)];
  const isColumn = renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE';
  return isColumn ? [renameColumn(target, subname, newname)] : [];
}

function ofDrop({ removeType, objects = [] }: DropStmt, catalog?: Catalog): Plans {
  if (removeType !== 'OBJECT_TABLE') return [];
  return objects.map((node) =>
    'List' in node ? dropTable(targetOf(catalog, named(texts(node.List.items)))) : undefined,
  );
}

interface DataStatement {
  relation?: RangeVar;
  withClause?: object;
}

function ofData(
  act: 'update' | 'delete from',
  { relation = {}, withClause }: DataStatement,
  source: Source,
  catalog?: Catalog,
): Plans {
  // a WITH clause may itself write, which must not be done once per batch
  if (withClause) return [];
  return [dataMigration(targetOf(catalog, relation), { act, alias: relation.alias?.aliasname, source })];
}

function ofIndex(node: IndexStmt, source: Source, catalog?: Catalog): Plans {
  const from = source.find(['INDEX'], 0);
  if (from === undefined) return [];
  return [createIndex(targetOf(catalog, node.relation ?? {}), node, source.between(from + 'INDEX'.length))];
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
