import type { AlterTableCmd } from 'libpg-query';
import { asConstraint } from '../../syntax';
import { isKeyOnIndex } from '../keys';
import { noLocks, rule, type Subject } from '../rule';

/** Why PostgreSQL makes no key of an index. Source: parse_utilcmd.c, transformIndexConstraint. */
function unfit({ node, table, catalog }: Subject<AlterTableCmd>): string | undefined {
  if (!table || !isKeyOnIndex(node)) return undefined;
  if (table.kind === 'partitioned') return 'is on a partitioned table';
  const name = asConstraint(node.def)?.indexname;
  const index = table.indexes.find((one) => one.name === name);
  if (!index) return catalog.live && !catalog.uncertain ? 'is not there' : undefined;
  if (table.constraints.some((one) => one.name === name)) return 'is a key already';
  if (!index.unique) return 'is not unique';
  if (!index.valid) return 'is not valid';
  if (index.computed) return 'has an expression or a condition';
  return / DESC\b|NULLS FIRST/.test(index.definition ?? '')
    ? 'has another order than the usual one'
    : undefined;
}

export const useIndexUnfit = rule<AlterTableCmd>({
  id: 'use-index-unfit',
  on: ['AT_AddConstraint'],
  condition:
    'ADD CONSTRAINT … USING INDEX of one that is not unique or not valid, has an expression, a condition or another order, or is of a partitioned table',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) =>
    `making a key of ${s.relation} out of ${asConstraint(s.node.def)?.indexname}, which ${unfit(s)},`,
  remedy: () => ['Build a unique index on the columns alone CONCURRENTLY first, and use that one.'],
  unsafe: {
    sql: 'ALTER TABLE customers ADD CONSTRAINT customers_name_key UNIQUE USING INDEX customers_name_idx',
  },
  safe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_sku_key UNIQUE USING INDEX items_sku_idx' },
});
