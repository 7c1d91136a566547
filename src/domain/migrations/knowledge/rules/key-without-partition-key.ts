import type { AlterTableCmd, IndexStmt } from 'libpg-query';
import { asConstraint, texts } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

/** Columns of a new key; undefined of what is none, or is made of an index that is there. */
function keyOf({ form, node }: Subject): string[] | undefined {
  if (form === 'IndexStmt') {
    const { unique, indexParams = [] } = node as IndexStmt;
    const columns = indexParams.flatMap((param) =>
      'IndexElem' in param ? (param.IndexElem.name ?? []) : [],
    );
    return unique ? columns : undefined;
  }
  const { contype, keys, indexname } = asConstraint((node as AlterTableCmd).def) ?? {};
  const isKey = contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
  return isKey && indexname === undefined ? texts(keys) : undefined;
}

/** What the rows are divided by and the key does not have, in words: no key has an expression. */
function missingIn(subject: Subject): string | undefined {
  const key = keyOf(subject);
  const { kind, partitionKey = [], partitionExpression } = subject.table ?? {};
  if (!key || kind !== 'partitioned') return undefined;
  return partitionExpression
    ? `the expression of ${partitionKey.join(', ')}`
    : partitionKey.find((column) => !key.includes(column));
}

export const keyWithoutPartitionKey = rule({
  id: 'key-without-partition-key',
  on: ['IndexStmt', 'AT_AddConstraint'],
  condition:
    'a unique index or a key of a partitioned table without the columns that its rows are divided by',
  matches: (s) => missingIn(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making a key of ${s.relation} without ${missingIn(s)}, by which its rows are divided,`,
  remedy: (s) => [
    s.table?.partitionExpression
      ? 'Make it on each partition by itself: no key of the whole table can hold an expression.'
      : `Let ${missingIn(s)} be a part of the key, or make it on each partition by itself.`,
  ],
  unsafe: { sql: 'CREATE UNIQUE INDEX readings_value_key ON readings (value)' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY readings_2025_value ON readings_2025 (day)' },
});
