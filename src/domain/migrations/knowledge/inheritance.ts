import type { AlterTableCmd, CreateStmt, RenameStmt } from 'libpg-query';
import { resolve, type Table } from '../catalog';
import { inherited } from './partitions';
import type { Subject } from './rule';

/** Tables that it is a partition of, or inherits from. */
const parents = ({ table, catalog }: Subject): Table[] =>
  [...(table?.partitionOf ? [table.partitionOf] : []), ...(table?.inherits ?? [])].flatMap(
    (name) => catalog.tables.get(name) ?? [],
  );

const COLUMNS = new Set([
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_DropExpression',
  'RenameStmt:OBJECT_COLUMN',
]);
const RULES = new Set(['AT_DropConstraint', 'RenameStmt:OBJECT_TABCONSTRAINT']);

/** What the parent has decided: the columns of a partition, and columns and rules that a table inherits. */
export function isInherited(subject: Subject<AlterTableCmd & RenameStmt>): boolean {
  const { form, name, node, table, catalog } = subject;
  const all = parents(subject);
  if (all.length === 0) return false;
  const has = (column: string) => all.some(({ columns }) => columns.some((one) => one.name === column));
  if (form === 'AT_AddColumn') return table?.partitionOf !== undefined;
  if (COLUMNS.has(form)) return has(name);
  if (form === 'AT_DropNotNull') {
    const required = all.some(({ columns }) => columns.some((one) => one.name === name && !one.nullable));
    return required && (table?.partitionOf !== undefined || catalog.major >= 18);
  }
  if (!RULES.has(form)) return false;
  const rule = node.subname ?? name;
  const isPart = table?.indexes.some((index) => index.name === rule && index.partOf !== undefined);
  if (form === 'AT_DropConstraint' && isPart) return true;
  return all.some(({ constraints }) =>
    constraints.some(
      (one) =>
        one.name === rule &&
        (one.kind === 'check' || (one.kind === 'foreign' && table?.partitionOf !== undefined)) &&
        one.alone !== true,
    ),
  );
}

/** INHERITS or INHERIT of a partitioned table, from which only its partitions can. */
export function inheritsPartitioned(subject: Subject): boolean {
  const { form, node, catalog } = subject;
  const { inhRelations = [], partbound } = node as CreateStmt;
  const names =
    form === 'AT_AddInherit'
      ? inherited(subject as Subject<AlterTableCmd>)
      : partbound
        ? []
        : inhRelations.flatMap((one) =>
            'RangeVar' in one ? resolve(catalog, one.RangeVar, catalog.tables) : [],
          );
  return names.some((name) => catalog.tables.get(name)?.kind === 'partitioned');
}
