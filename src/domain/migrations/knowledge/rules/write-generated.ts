import type { AlterTableCmd, InsertStmt, Node, SelectStmt, UpdateStmt } from 'libpg-query';
import { isNull } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

const isDefault = (value: Node | undefined): boolean => value !== undefined && 'SetToDefault' in value;

/** Columns that a statement gives values of its own. */
function given({ form, node, name }: Subject): string[] {
  const names = (targets: Node[], isOwn: (index: number, value?: Node) => boolean) =>
    targets.flatMap((target, i) =>
      'ResTarget' in target && isOwn(i, target.ResTarget.val) ? (target.ResTarget.name ?? []) : [],
    );
  if (form === 'AT_ColumnDefault') {
    const { def } = node as AlterTableCmd;
    return def === undefined || isNull(def) ? [] : [name];
  }
  if (form === 'UpdateStmt')
    return names((node as UpdateStmt).targetList ?? [], (_i, value) => !isDefault(value));
  const { cols = [], selectStmt } = node as InsertStmt;
  const { valuesLists = [] }: SelectStmt =
    selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : {};
  return names(
    cols,
    (i) =>
      valuesLists.length === 0 || valuesLists.some((row) => 'List' in row && !isDefault(row.List.items?.[i])),
  );
}

const computed = (subject: Subject): string | undefined =>
  given(subject).find((name) =>
    subject.table?.columns.some((column) => column.name === name && column.generated !== undefined),
  );

export const writeGenerated = rule({
  id: 'write-generated',
  on: ['UpdateStmt', 'InsertStmt', 'AT_ColumnDefault'],
  condition: 'a value, or a default, for a column that is GENERATED ALWAYS AS an expression',
  matches: (s) => computed(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `giving ${computed(s)} of ${s.relation}, which PostgreSQL computes, a value`,
  remedy: (s) => [`Leave ${computed(s)} out.`],
  unsafe: { sql: 'UPDATE parcels SET grams = 5 WHERE id = 1' },
  safe: { sql: 'UPDATE parcels SET grams = DEFAULT WHERE id = 1' },
});
