import { literal } from './names';
import type { Target } from './stage';

/** About 0.8 MB, which takes milliseconds and holds few rows' locks. */
const BLOCKS_PER_BATCH = 100;
export const ROWS_PER_BATCH = 5_000;

/**
 * Sets columns of all rows for which `where` holds, some blocks at a time, each in a transaction of its own. Only for
 * changes that are harmless when made twice and that something else makes for rows written meanwhile: a row that is
 * updated moves. Needs no index; PostgreSQL reads only the blocks that are asked for.
 */
export function sweep({ sql }: Target, set: string, where: string): string {
  const size = `pg_relation_size(${literal(sql)}::regclass)`;
  return `DO $batches$
DECLARE
  block bigint := 0;
  -- of the largest partition, if there are any
  blocks bigint := coalesce(
    (SELECT max(pg_relation_size(relid)) FROM pg_partition_tree(${literal(sql)}::regclass)),
    ${size}
  ) / current_setting('block_size')::bigint;
BEGIN
  WHILE block <= blocks LOOP
    UPDATE ${sql} SET ${set}
    WHERE ctid >= format('(%s,0)', block)::tid AND ctid < format('(%s,0)', block + ${BLOCKS_PER_BATCH})::tid
      AND ${where};
    COMMIT;
    block := block + ${BLOCKS_PER_BATCH};
  END LOOP;
END $batches$;`;
}

/**
 * Runs a statement once for every row, in the order of a key and so that no row is met twice. `statement` is given the
 * condition that selects the rows of one batch; `qualifiedKey` is the key as that statement calls it.
 */
export function byKey(
  { sql }: Target,
  key: string,
  qualifiedKey: string,
  statement: (condition: string) => string,
): string {
  return `DO $batches$
DECLARE
  reached ${sql}.${key}%TYPE;
  upto ${sql}.${key}%TYPE;
BEGIN
  LOOP
    SELECT ${key} INTO upto FROM (
      SELECT ${key} FROM ${sql} WHERE reached IS NULL OR ${key} > reached ORDER BY ${key} LIMIT ${ROWS_PER_BATCH}
    ) batch ORDER BY ${key} DESC LIMIT 1;
    EXIT WHEN upto IS NULL;
    ${statement(`(reached IS NULL OR ${qualifiedKey} > reached) AND ${qualifiedKey} <= upto`)};
    COMMIT;
    reached := upto;
  END LOOP;
END $batches$;`;
}
