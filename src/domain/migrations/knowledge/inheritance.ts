import type { AlterTableCmd, CreateStmt, RenameStmt } from 'libpg-query';
import { partitionsOf, resolve, type Table } from '../catalog';
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

/** Why a table cannot inherit from another one as it is, where that is known. Source: tablecmds.c, MergeAttributesIntoExisting. */
export function unfitHeir(subject: Subject<AlterTableCmd>): string | undefined {
  const { table, catalog, relation } = subject;
  const [name] = inherited(subject);
  const parent = name === undefined ? undefined : catalog.tables.get(name);
  if (!table || !parent || parent.unseen || table.unseen) return undefined;
  if (name === relation || partitionsOf(catalog, relation).some((one) => one.name === name))
    return `${relation} would inherit from itself`;
  if (table.inherits?.includes(parent.name)) return 'it does so already';
  if (table.partitionOf) return `${relation} is a partition`;
  for (const { name: column, type, nullable } of parent.columns) {
    const own = table.columns.find((one) => one.name === column);
    if (!own) return `column ${column} is missing`;
    if (own.type.name !== type.name || own.type.modifiers.join() !== type.modifiers.join())
      return `column ${column} is of another type`;
    if (!nullable && own.nullable) return `column ${column} may be NULL`;
  }
  const check = parent.constraints.find(
    (one) =>
      one.kind === 'check' &&
      !one.alone &&
      !table.constraints.some((own) => own.kind === 'check' && own.name === one.name),
  );
  return check && `CHECK ${check.name} is missing`;
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
