import type { AlterTableCmd, Constraint, CreateStmt, IndexStmt } from 'libpg-query';
import { columnsInKey, isComputed } from '../../schema/create-table';
import { asColumn, asConstraint, inline, texts } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

const KEYS = /^CONSTR_(?:PRIMARY|UNIQUE)$/;

/** Columns that no two rows have alike; undefined of what is no key, or is made of an index that is there. */
function kept({ contype, keys, indexname, exclusions, without_overlaps }: Constraint): string[] | undefined {
  if (indexname !== undefined) return undefined;
  // the last one is compared by && there
  if (KEYS.test(contype ?? '')) return without_overlaps ? texts(keys).slice(0, -1) : texts(keys);
  if (contype !== 'CONSTR_EXCLUSION') return undefined;
  return (exclusions ?? []).flatMap((pair) => {
    const [element, operator] = 'List' in pair ? (pair.List.items ?? []) : [];
    const isEqual = operator !== undefined && 'List' in operator && texts(operator.List.items).at(-1) === '=';
    return isEqual && element && 'IndexElem' in element ? (element.IndexElem.name ?? []) : [];
  });
}

/** Columns of each new key. */
function keysOf({ form, node }: Subject): string[][] {
  if (form === 'IndexStmt') {
    const { unique, indexParams = [] } = node as IndexStmt;
    const columns = indexParams.flatMap((param) =>
      'IndexElem' in param ? (param.IndexElem.name ?? []) : [],
    );
    return unique ? [columns] : [];
  }
  const { def, tableElts = [] } = node as AlterTableCmd & CreateStmt;
  return [...tableElts, ...(def ? [def] : [])].flatMap((element) => {
    const rule = asConstraint(element);
    const column = asColumn(element);
    const own = inline(column, 'CONSTR_PRIMARY', 'CONSTR_UNIQUE').map(() => [column!.colname ?? '']);
    const columns = rule && kept(rule);
    return columns ? [...own, columns] : own;
  });
}

/** What the rows are divided by: of a table that is there, or of a new one. */
function dividedBy({ form, node, table }: Subject): { columns: string[]; computed?: boolean } | undefined {
  const { partspec } = node as CreateStmt;
  if (form === 'CreateStmt')
    return partspec && { columns: columnsInKey(partspec), computed: isComputed(partspec) };
  const { kind, partitionKey = [], partitionExpression } = table ?? {};
  return kind === 'partitioned' ? { columns: partitionKey, computed: partitionExpression } : undefined;
}

/** What the rows are divided by and the key does not have, in words: no key has an expression. */
function missingIn(subject: Subject): string | undefined {
  const by = dividedBy(subject);
  const [key] = by ? keysOf(subject) : [];
  if (!by || !key) return undefined;
  if (by.computed) return `the expression of ${by.columns.join(', ')}`;
  for (const columns of keysOf(subject)) {
    const missing = by.columns.find((column) => !columns.includes(column));
    if (missing !== undefined) return missing;
  }
  return undefined;
}

export const keyWithoutPartitionKey = rule({
  id: 'key-without-partition-key',
  on: ['IndexStmt', 'AT_AddConstraint', 'AT_AddColumn', 'CreateStmt'],
  condition:
    'a unique index, a key or an exclusion of a partitioned table that does not have the columns that its rows are divided by, each compared by =',
  matches: (s) => missingIn(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making a key of ${s.relation} without ${missingIn(s)}, by which its rows are divided,`,
  remedy: (s) => [
    dividedBy(s)?.computed
      ? 'Make it on each partition by itself: no key of the whole table can hold an expression.'
      : `Let ${missingIn(s)} be a part of the key, or make it on each partition by itself.`,
  ],
  unsafe: { sql: 'CREATE UNIQUE INDEX readings_value_key ON readings (value)' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY readings_2025_value ON readings_2025 (day)' },
});
