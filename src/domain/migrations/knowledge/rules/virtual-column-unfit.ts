import type { AlterTableCmd } from 'libpg-query';
import { virtualColumns } from '../keys';
import { noLocks, rule } from '../rule';

export const virtualColumnUnfit = rule<AlterTableCmd>({
  id: 'virtual-column-unfit',
  on: ['IndexStmt', 'AT_AddConstraint', 'AT_SetStatistics', 'AT_DropExpression'],
  condition: 'an index, key, statistics target or DROP EXPRESSION of a virtual column (18)',
  matches: (s) => virtualColumns(s).length > 0 && !isNotNull(s.node),
  effect: { locks: noLocks, fails: true },
  says: (s) => `asking for ${virtualColumns(s).join(' and ')} of ${s.relation} as if its values were kept`,
  remedy: ({ relation }) => [`Add a column to ${relation} that is GENERATED … STORED, and use that one.`],
  unsafe: {
    sql: 'ALTER TABLE items ADD COLUMN twice int GENERATED ALWAYS AS (quantity * 2) VIRTUAL; CREATE INDEX items_twice_idx ON items (twice)',
  },
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_quantity_idx ON items (quantity)' },
});

const isNotNull = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'Constraint' in def && def.Constraint.contype === 'CONSTR_NOTNULL';
