import type { AlterTableCmd, CreateStmt, Node } from 'libpg-query';
import { resolve } from '../../catalog';
import { userType } from '../../schema/held';
import { asColumn, inline, named, some, texts, typeOf } from '../../syntax';
import { virtualColumns } from '../keys';
import { noLocks, rule, type Subject } from '../rule';

/** Why PostgreSQL computes no such column whenever it is read. Source: heap.c, check_virtual_generated_security. */
function computes({
  form,
  node,
  table,
  name,
  catalog,
}: Subject<AlterTableCmd & CreateStmt>): string | undefined {
  const isOurs = (parts: string[]) => catalog.routines.has(resolve(catalog, named(parts), catalog.routines));
  const calls = (expression: unknown) =>
    some({ expression }, (tag, found) => tag === 'FuncCall' && isOurs(texts(found.funcname as Node[])));
  if (form === 'AT_SetExpression') {
    const isVirtual = table?.columns.some((one) => one.name === name && one.generated === 'virtual');
    return isVirtual && calls(node.def)
      ? `${name}, computed when it is read, of a function of yours`
      : undefined;
  }
  const columns = [...(node.tableElts ?? []), ...(node.def ? [node.def] : [])];
  for (const column of columns.map(asColumn)) {
    const [computed] = inline(column, 'CONSTR_GENERATED');
    if (!column || computed?.generated_kind !== VIRTUAL) continue;
    if (calls(computed.raw_expr))
      return `${column.colname}, computed when it is read, of a function of yours`;
    if (userType(catalog, typeOf(column.typeName).name).includes('.'))
      return `${column.colname}, computed when it is read, of a type of yours`;
  }
  return undefined;
}

const VIRTUAL = 'v';

/** Forms that say how a column is computed. */
const DEFINES = new Set(['AT_AddColumn', 'AT_SetExpression', 'CreateStmt']);

function unfit(subject: Subject<AlterTableCmd>): string | undefined {
  if (DEFINES.has(subject.form)) {
    const made = computes(subject as Subject<AlterTableCmd & CreateStmt>);
    return made && `making ${made}`;
  }
  const asked = isNotNull(subject.node) ? [] : virtualColumns(subject);
  return asked.length > 0
    ? `asking for ${asked.join(' and ')} of ${subject.relation} as if its values were kept`
    : undefined;
}

export const virtualColumnUnfit = rule<AlterTableCmd>({
  id: 'virtual-column-unfit',
  on: [
    'IndexStmt',
    'AT_AddConstraint',
    'AT_SetStatistics',
    'AT_DropExpression',
    'AT_AddColumn',
    'AT_SetExpression',
    'CreateStmt',
  ],
  condition:
    'an index, key, statistics target or DROP EXPRESSION of a virtual column, or one of a function or a type of the user (18)',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => unfit(s)!,
  remedy: ({ relation }) => [`Add a column to ${relation} that is GENERATED … STORED, and use that one.`],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL; CREATE INDEX items_twice_idx ON items (twice)',
  },
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_quantity_idx ON items (quantity)' },
});

const isNotNull = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'Constraint' in def && def.Constraint.contype === 'CONSTR_NOTNULL';
