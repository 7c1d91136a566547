import type { AlterTableCmd } from 'libpg-query';
import type { Column } from '../catalog';
import { says } from '../not-null';
import { asConstraint, texts } from '../syntax';
import type { Subject } from './rule';

/** The running version cannot know it, or as far as can be seen has never given it a value; and nothing else does. */
const unwritten = ({ created, nullShare, hasDefault }: Column) =>
  !hasDefault && (created === true || nullShare === 1);

/** Whether a part of ALTER TABLE demands a value of the column from now on. */
function demands({ subtype, name, def }: AlterTableCmd, column: string): boolean {
  if (subtype === 'AT_SetNotNull') return name === column;
  const { contype, raw_expr: expression, keys } = asConstraint(def) ?? {};
  if (contype === 'CONSTR_CHECK') return says(expression, column);
  return (contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY') && texts(keys).includes(column);
}

/** The column that is demanded although the running version does not write it. */
export const requiredUnwritten = ({ node, table }: Subject<AlterTableCmd>): string | undefined =>
  table?.columns.find((column) => unwritten(column) && demands(node, column.name))?.name;
