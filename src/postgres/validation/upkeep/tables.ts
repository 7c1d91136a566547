import type { KeylessTablesSeen } from '../../../domain/validation/upkeep/keyless-tables';
import type { SizeSeen } from '../../../domain/validation/upkeep/size';
import type { UnindexedKeysSeen } from '../../../domain/validation/upkeep/unindexed-keys';
import { USER_SCHEMAS } from '../names';
import type { Ask } from '../within';

/** A partitioned table holds what its partitions hold. */
const SIZE = `
  SELECT pg_database_size(current_database())::float8 AS bytes,
    count(*) FILTER (WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition)::int AS tables,
    count(*) FILTER (WHERE c.relkind IN ('i', 'I') AND NOT c.relispartition)::int AS indexes,
    coalesce(sum(greatest(c.reltuples, 0)) FILTER (WHERE c.relkind = 'r'), 0)::float8 AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS}`;

export async function size(ask: Ask): Promise<SizeSeen> {
  const [seen] = await ask<SizeSeen & Record<string, unknown>>(SIZE);
  return seen!;
}

/**
 * An index that leaves out rows without a value has all rows that refer to something. Sources: PostgreSQL documentation,
 * "pg_constraint", "pg_index", "Partial Indexes".
 */
const UNINDEXED = `
  SELECT k.conname || ' on ' || n.nspname || '.' || c.relname || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY l.place)
      FROM unnest(k.conkey) WITH ORDINALITY l(number, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = l.number)
    || ')' AS name
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0 AND ${USER_SCHEMAS}
    AND NOT EXISTS (
      SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
      WHERE i.indrelid = k.conrelid AND i.indisvalid AND m.amname IN ('btree', 'hash', 'gist', 'spgist')
        AND i.indnkeyatts >= cardinality(k.conkey)
        AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)] @> k.conkey
        AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) IN (
          SELECT format('(%I IS NOT NULL)', a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey))))
  ORDER BY greatest(c.reltuples, 0) DESC, 1`;

export const unindexedKeys = async (ask: Ask): Promise<UnindexedKeysSeen> => ({
  keys: (await ask<{ name: string }>(UNINDEXED)).map(({ name }) => name),
});

/** What an extension has made is its own affair. Source: PostgreSQL documentation, "pg_depend". */
const KEYLESS = `
  SELECT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${USER_SCHEMAS}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indisunique AND i.indimmediate
      AND i.indpred IS NULL AND NOT EXISTS (
        SELECT FROM unnest((string_to_array(i.indkey::text, ' ')::int2[])[1:i.indnkeyatts]) number
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number WHERE a.attnotnull IS NOT TRUE))
  ORDER BY greatest(c.reltuples, 0) DESC, 1`;

export const keylessTables = async (ask: Ask): Promise<KeylessTablesSeen> => ({
  tables: (await ask<{ name: string }>(KEYLESS)).map(({ name }) => name),
});
