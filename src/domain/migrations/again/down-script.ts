import type { AlterTableStmt, DeleteStmt, DropStmt, InsertStmt, Node } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import { parts } from '../knowledge/condition';
import { parse, type Statement } from '../parse';
import { named, nameParts, texts } from '../syntax';
import type { RowsTaken } from '../types';
import { writtenBy } from '.';
import { valuesOf } from './values';

/** What a statement of the down script takes away of a table whose rows a migration has written. */
export interface DownRule {
  id: string;
  /** The situation, in words. */
  condition: string;
  takesMore: boolean;
  /** As the end of "its down script …". */
  says(relation: string): string;
}

const rule = <Id extends string>(id: Id, condition: string, takesMore: boolean, says: DownRule['says']) =>
  ({ id, condition, takesMore, says }) as const;

export const downRules = {
  none: rule(
    'down-none',
    'There is no down script',
    false,
    (relation) => `is not there: what it has written in ${relation} stays`,
  ),
  leaves: rule(
    'down-leaves',
    'The down script does not touch the table',
    false,
    (relation) => `leaves what it has written in ${relation}`,
  ),
  own: rule(
    'down-own-rows',
    'DELETE of the very keys that were inserted',
    false,
    (relation) =>
      `deletes the rows that it has inserted into ${relation}, with what was changed in them since`,
  ),
  others: rule(
    'down-other-rows',
    'DELETE by another condition than the keys that were inserted, or by none',
    true,
    (relation) =>
      `deletes rows of ${relation} that users may have written: name the keys that were inserted, and no others`,
  ),
  empties: rule(
    'down-empties',
    'TRUNCATE',
    true,
    (relation) => `empties ${relation}, of what users have written as well`,
  ),
  drops: rule(
    'down-drops',
    'DROP TABLE, or DROP COLUMN',
    true,
    (relation) => `drops ${relation}, or a column of it, with all that users have written there since`,
  ),
  overwrites: rule(
    'down-overwrites',
    'UPDATE',
    true,
    (relation) => `writes over what users have changed in ${relation} since, where its condition finds it`,
  ),
  inserts: rule(
    'down-inserts',
    'INSERT',
    false,
    (relation) => `inserts into ${relation} the rows that it names`,
  ),
};

const constant = (node: Node): string | undefined => {
  const inner = 'TypeCast' in node ? node.TypeCast.arg : node;
  if (!inner || !('A_Const' in inner)) return undefined;
  const { location: _, ...value } = inner.A_Const as Record<string, unknown>;
  return JSON.stringify(value);
};

/** The column and the constants of `k = 1` and `k IN (1, 2)`. */
function listed(part: Node): { column: string; values: (string | undefined)[] } | undefined {
  if (!('A_Expr' in part) || texts(part.A_Expr.name).at(-1) !== '=') return undefined;
  const { lexpr, rexpr } = part.A_Expr;
  const column = lexpr && 'ColumnRef' in lexpr ? texts(lexpr.ColumnRef.fields).at(-1) : undefined;
  if (column === undefined || !rexpr) return undefined;
  return { column, values: ('List' in rexpr ? (rexpr.List.items ?? []) : [rexpr]).map(constant) };
}

/** Deletes by a key no rows but those that an INSERT has given it. */
function deletesOwn({ whereClause }: DeleteStmt, up: Statement, relation: string, catalog: Catalog): boolean {
  if (up.tag !== 'InsertStmt' || !whereClause) return false;
  const table = catalog.tables.get(relation);
  const keys = [...(table?.constraints ?? []), ...(table?.indexes ?? []).filter(({ unique }) => unique)];
  return parts(whereClause).some((part) => {
    const { column, values } = listed(part) ?? { values: [] };
    const isKey = keys.some(({ columns }) => columns.length === 1 && columns[0] === column);
    if (column === undefined || !isKey) return false;
    const inserted = valuesOf({ node: up.node as InsertStmt, relation, table, catalog }, column).map(
      constant,
    );
    return values.every((value) => value !== undefined && inserted.includes(value));
  });
}

function droppedBy({ tag, node }: Statement, catalog: Catalog): string[] {
  if (tag === 'DropStmt' && (node as DropStmt).removeType === 'OBJECT_TABLE')
    return ((node as DropStmt).objects ?? []).map((object) =>
      resolve(catalog, named(nameParts(object)), catalog.tables),
    );
  if (tag !== 'AlterTableStmt') return [];
  const { relation, cmds = [] } = node as AlterTableStmt;
  const drops = cmds.some((cmd) => 'AlterTableCmd' in cmd && cmd.AlterTableCmd.subtype === 'AT_DropColumn');
  return drops && relation ? [resolve(catalog, relation, catalog.tables)] : [];
}

function ruleOf(
  statement: Statement,
  up: Statement,
  relation: string,
  catalog: Catalog,
): DownRule | undefined {
  if (droppedBy(statement, catalog).includes(relation)) return downRules.drops;
  if (writtenBy(statement, catalog) !== relation) return undefined;
  switch (statement.tag) {
    case 'DeleteStmt':
      return deletesOwn(statement.node as DeleteStmt, up, relation, catalog)
        ? downRules.own
        : downRules.others;
    case 'TruncateStmt':
      return downRules.empties;
    case 'InsertStmt':
    case 'CopyStmt':
      return downRules.inserts;
    default:
      return downRules.overwrites;
  }
}

/** Each text is read once for all statements of its migration. */
export type DownScript = () => readonly Statement[] | undefined;

/** @param down null where there is none */
export function downOf(down: string | null): DownScript {
  let read: readonly Statement[] | undefined;
  return () => {
    if (!down?.trim()) return undefined;
    read ??= parse(down).statements;
    return read;
  };
}

/** What the down script does about the rows that a statement has written; nothing of one that writes none. */
export function rowsTaken(statement: Statement, downScript: DownScript, catalog: Catalog): RowsTaken[] {
  const relation = writtenBy(statement, catalog);
  if (relation === '') return [];
  const statements = downScript();
  const found = statements?.flatMap((one) => ruleOf(one, statement, relation, catalog) ?? []) ?? [];
  const rules = found.length > 0 ? new Set(found) : [statements ? downRules.leaves : downRules.none];
  return [...rules].map(({ id, takesMore, says }) => ({
    ...{ rule: id, takesMore },
    message: `its down script ${says(relation)}`,
  }));
}
