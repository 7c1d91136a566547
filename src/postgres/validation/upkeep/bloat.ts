import type { BloatSeen } from '../../../domain/validation/upkeep/bloat';
import { USER_SCHEMAS } from '../names';
import type { Ask } from '../within';

/** So many of the largest are told. */
const MOST = 100;

/**
 * Pages that a table or a b-tree has, as of its last VACUUM or ANALYZE, beside those that its rows would fill: a row's header and
 * line pointer are 28 bytes, an index entry's 12; a page has 24 of its own, one of a b-tree 40. Widths are those of the
 * statistics, which only who may read the table sees; an index with an expression has none, and is left out. Alignment between
 * columns is not counted. Sources: PostgreSQL documentation, "Database Page Layout", "B-Tree Indexes", "pg_stats".
 */
const RELATIONS = `
  WITH columns AS (
    SELECT c.oid, a.attnum, s.avg_width * (1 - s.null_frac) AS width, s.null_frac > 0 AS nulls, s.avg_width IS NULL AS unseen
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
    WHERE c.relkind IN ('r', 'm') AND c.relpages > 0 AND ${USER_SCHEMAS}),
  tables AS (
    SELECT c.oid, c.relname AS name, c.relnamespace, c.relpages, c.reltuples,
      coalesce((SELECT option_value::int FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'), 100) AS fill,
      28 + CASE WHEN bool_or(k.nulls) THEN (count(*) + 7) / 8 ELSE 0 END + ceil(sum(k.width) / 8) * 8 AS row, 24 AS page,
      coalesce(bool_or(k.unseen), false) OR c.reltuples < 0 OR (c.reltuples = 0 AND NOT EXISTS (
        SELECT WHERE pg_stat_get_last_analyze_time(c.oid) IS NOT NULL OR pg_stat_get_last_autoanalyze_time(c.oid) IS NOT NULL
          OR pg_stat_get_last_vacuum_time(c.oid) IS NOT NULL OR pg_stat_get_last_autovacuum_time(c.oid) IS NOT NULL)) AS unseen
    FROM pg_class c JOIN columns k ON k.oid = c.oid GROUP BY c.oid),
  trees AS (
    SELECT x.oid, x.relname AS name, x.relnamespace, x.relpages, x.reltuples,
      coalesce((SELECT option_value::int FROM pg_options_to_table(x.reloptions) WHERE option_name = 'fillfactor'), 90) AS fill,
      12 + CASE WHEN bool_or(k.nulls) THEN 8 ELSE 0 END + ceil(sum(k.width) / 8) * 8 AS row, 40 AS page, bool_or(k.unseen) AS unseen
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
      JOIN columns k ON k.oid = i.indrelid AND k.attnum = ANY (i.indkey)
    WHERE x.relkind = 'i' AND m.amname = 'btree' AND i.indexprs IS NULL AND x.reltuples >= 0 GROUP BY x.oid),
  estimated AS (
    SELECT n.nspname || '.' || r.name AS name, r.relpages::float8 AS pages, r.unseen, r.is_table,
      ceil(r.reltuples * r.row / ((current_setting('block_size')::int - r.page) * r.fill / 100.0)) AS needed
    FROM (SELECT *, true AS is_table FROM tables UNION ALL SELECT *, false FROM trees) r JOIN pg_namespace n ON n.oid = r.relnamespace)
  SELECT name, pages * current_setting('block_size')::int AS bytes, unseen,
    greatest(pages - coalesce(needed, pages), 0) * current_setting('block_size')::int AS wasted
  FROM estimated WHERE unseen AND is_table OR NOT unseen ORDER BY wasted DESC, name`;

export async function bloat(ask: Ask): Promise<BloatSeen> {
  const all = await ask<{ name: string; bytes: number; wasted: number; unseen: boolean }>(RELATIONS);
  return {
    relations: all
      .filter(({ unseen, wasted }) => !unseen && wasted > 0)
      .slice(0, MOST)
      .map(({ name, bytes, wasted }) => ({ name, bytes, wasted })),
    unseen: all.filter(({ unseen }) => unseen).map(({ name }) => name),
  };
}
