import type { DropStmt } from 'libpg-query';
import { texts } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

const wholeOf = ({ table, name }: Subject) => table?.indexes.find((index) => index.name === name)?.partOf;

/** Names of all that the statement drops. */
const dropped = ({ objects = [] }: DropStmt) =>
  objects.flatMap((object) => ('List' in object ? (texts(object.List.items).at(-1) ?? []) : []));

export const dropPartitionIndex = rule<DropStmt>({
  id: 'drop-partition-index',
  on: ['DropStmt:OBJECT_INDEX'],
  condition: "DROP INDEX of a partition's index that is a part of its parent's and goes without that one",
  matches(s) {
    const whole = wholeOf(s);
    return whole !== undefined && !dropped(s.node).includes(whole);
  },
  effect: { locks: noLocks, fails: true },
  says: (s) => `dropping index ${s.name} of ${s.relation}, which is a part of ${wholeOf(s)},`,
  remedy: ({ table }) => [
    `Drop the index of ${table?.partitionOf}, which takes those of its partitions along.`,
  ],
  unsafe: { sql: 'CREATE INDEX readings_value ON readings (value); DROP INDEX readings_2025_value_idx' },
  safe: {
    sql: 'CREATE TABLE readings_log (value int); CREATE INDEX readings_log_idx ON readings_log (value); DROP INDEX readings_log_idx',
  },
});
