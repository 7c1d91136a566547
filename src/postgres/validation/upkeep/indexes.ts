import type { DuplicateIndex } from '../../../domain/validation/upkeep/duplicate-indexes';
import type { UnusedIndexesSeen } from '../../../domain/validation/upkeep/unused-indexes';
import { USER_SCHEMAS } from '../names';
import type { Ask } from '../within';

/** An index of a partition goes with its parent's. */
const WHOLE = `x.relkind IN ('i', 'I') AND NOT x.relispartition AND i.indisvalid AND ${USER_SCHEMAS}`;
const BYTES = (index: string) => `coalesce(
  (SELECT sum(p.relpages) FROM pg_partition_tree(${index}.oid) t JOIN pg_class p ON p.oid = t.relid), ${index}.relpages)::float8
  * current_setting('block_size')::int`;

/**
 * Not what keeps a key, a constraint or a replica identity, nor what a foreign key is looked up by: rows are deleted seldom, and
 * slowly without it. Counting began with the newest of the resets, one of which is at the server's crash. Sources: PostgreSQL
 * documentation, "The Cumulative Statistics System", pg_stat_all_indexes, pg_stat_bgwriter; "pg_index".
 */
const UNUSED = `
  SELECT n.nspname || '.' || x.relname AS name, ${BYTES('x')} AS bytes
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
  WHERE ${WHOLE} AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident
    AND coalesce((SELECT sum(pg_stat_get_numscans(t.relid)) FROM pg_partition_tree(x.oid) t), pg_stat_get_numscans(x.oid), 0) = 0
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = i.indrelid
      AND i.indkey[0] = ANY (k.conkey))
  ORDER BY 2 DESC, 1`;

const COUNTED = `
  SELECT extract(epoch FROM now() - greatest(b.stats_reset, d.stats_reset))::float8 / 86400 AS "countedDays",
    pg_is_in_recovery() AS standby, (SELECT count(*)::int FROM pg_stat_replication) AS standbys
  FROM pg_stat_bgwriter b, pg_stat_database d WHERE d.datname = current_database()`;

export async function unusedIndexes(ask: Ask): Promise<UnusedIndexesSeen> {
  const [counted] = await ask<Omit<UnusedIndexesSeen, 'indexes'>>(COUNTED);
  const indexes = await ask<{ name: string; bytes: number }>(UNUSED);
  return { ...counted!, countedDays: counted?.countedDays ?? 0, indexes };
}

/**
 * Of indexes that are the same the one that keeps a constraint or is unique stays, else the older. Only a b-tree that begins as
 * another one does is answered by it. Sources: PostgreSQL documentation, "pg_index", "Multicolumn Indexes".
 */
const DUPLICATE = `
  WITH indexes AS (
    SELECT x.oid, n.nspname || '.' || x.relname AS name, i.indrelid, x.relam, a.amname, i.indisunique AS uniq,
      i.indisprimary OR i.indisexclusion OR i.indisreplident OR i.indisclustered
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid) AS needed,
      coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate,
      ARRAY(SELECT concat_ws(' ', pg_get_indexdef(x.oid, k, false), i.indclass[k - 1], i.indcollation[k - 1], i.indoption[k - 1])
        FROM generate_series(1, i.indnkeyatts) k) AS keys,
      ARRAY(SELECT pg_get_indexdef(x.oid, k, false) FROM generate_series(i.indnkeyatts + 1, i.indnatts) k) AS included,
      coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') AS nulls, ${BYTES('x')} AS bytes
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
      JOIN pg_am a ON a.oid = x.relam
    WHERE ${WHOLE} AND EXISTS (SELECT FROM pg_index other WHERE other.indrelid = i.indrelid AND other.indexrelid <> i.indexrelid)),
  pairs AS (
    SELECT d.oid, d.name, s.name AS of, d.bytes, d.keys = s.keys AND d.included <@ s.included AS same
    FROM indexes d JOIN indexes s ON s.indrelid = d.indrelid AND s.oid <> d.oid AND s.relam = d.relam AND s.predicate = d.predicate
    WHERE NOT d.needed AND (
      d.keys = s.keys AND d.included <@ s.included AND (NOT d.uniq OR (s.uniq AND s.nulls = d.nulls))
        AND (s.needed OR (s.uniq AND NOT d.uniq) OR NOT s.included <@ d.included OR s.oid < d.oid)
      OR d.amname = 'btree' AND NOT d.uniq AND d.included <@ (s.included || ARRAY(
          SELECT pg_get_indexdef(s.oid, k, false) FROM generate_series(1, cardinality(s.keys)) k))
        AND cardinality(d.keys) < cardinality(s.keys) AND s.keys[1:cardinality(d.keys)] = d.keys))
  SELECT DISTINCT ON (name) name, of, bytes, same FROM pairs ORDER BY name, same DESC, of`;

export const duplicateIndexes = (ask: Ask): Promise<DuplicateIndex[]> =>
  ask<DuplicateIndex & Record<string, unknown>>(DUPLICATE);
