import { literal, made, qualified } from '../names';
import type { Target } from './stage';

/** About 0.8 MB, which takes milliseconds and holds few rows' locks. */
const BLOCKS_PER_BATCH = 100;
const ROWS_PER_BATCH = 5_000;

/** A column of the user's may be called like a variable here: alone the name is the column, behind the label the variable. */
const NAMES = '#variable_conflict use_column\n<<batches>>';

/**
 * Sets columns of all rows for which `where` holds, some blocks at a time, each in a transaction of its own. Only for
 * changes that are harmless when made twice and that something else makes for rows written meanwhile: a row that is
 * updated moves. Needs no index; PostgreSQL reads only the blocks that are asked for.
 */
export function sweep({ sql }: Target, set: string, where: string): string {
  const size = `pg_relation_size(${literal(sql)}::regclass)`;
  return `DO $batches$
${NAMES}
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
    WHERE ctid >= format('(%s,0)', batches.block)::tid AND ctid < format('(%s,0)', batches.block + ${BLOCKS_PER_BATCH})::tid
      AND ${where};
    COMMIT;
    block := block + ${BLOCKS_PER_BATCH};
  END LOOP;
END $batches$;`;
}

/**
 * Runs a statement once for every row that is there, in the order of a key. How far it has come is kept in a table of its
 * own, in the transactions of the batches: a run after one that was interrupted goes on where that one ended, so that
 * no row is met twice. `statement` is given the condition that selects the rows of one batch; `qualifiedKey` is the key
 * as that statement calls it.
 */
export function byKey(
  target: Target,
  key: string,
  qualifiedKey: string,
  statement: (condition: string) => string,
): string {
  const { sql, schema, name } = target;
  const progress = qualified(schema, made(name, 'batches', 'reached'));
  return `DO $batches$
${NAMES}
DECLARE
  reached ${sql}.${key}%TYPE;
  upto ${sql}.${key}%TYPE;
BEGIN
  CREATE TABLE IF NOT EXISTS ${progress} AS SELECT ${key} AS batch_end FROM ${sql} WITH NO DATA;
  SELECT batch_end INTO reached FROM ${progress};
  LOOP
    SELECT ${key} INTO upto FROM (
      SELECT ${key} FROM ${sql} WHERE batches.reached IS NULL OR ${key} > batches.reached ORDER BY ${key} LIMIT ${ROWS_PER_BATCH}
    ) batch ORDER BY ${key} DESC LIMIT 1;
    EXIT WHEN upto IS NULL;
    ${statement(`(batches.reached IS NULL OR ${qualifiedKey} > batches.reached) AND ${qualifiedKey} <= batches.upto`)};
    DELETE FROM ${progress};
    INSERT INTO ${progress} VALUES (batches.upto);
    COMMIT;
    reached := upto;
  END LOOP;
  DROP TABLE ${progress};
END $batches$;`;
}
