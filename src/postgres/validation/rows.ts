import type { TableRows } from '../../domain/validation/rows';
import { quoted } from './names';
import type { Ask } from './within';

/** Tables by name, smallest first; deletions of a partitioned table are counted in its partitions. */
const TABLES = `
  SELECT n.nspname AS schema, c.relname AS table, n.nspname || '.' || c.relname AS name,
    coalesce((SELECT sum(pg_stat_get_tuples_deleted(t.relid)) FROM pg_partition_tree(c.oid) t),
      pg_stat_get_tuples_deleted(c.oid), 0) > 0 AS deletes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm')
  ORDER BY c.relpages, 3`;

export async function rows(ask: Ask, tables: readonly string[]): Promise<TableRows[]> {
  const counted: TableRows[] = [];
  for (const found of await ask<{ schema: string; table: string; name: string; deletes: boolean }>(TABLES, [
    tables,
  ])) {
    const [{ rows = 0 } = {}] = await ask<{ rows: number }>(
      `SELECT count(*)::float8 AS rows FROM ${quoted(found.schema, found.table)}`,
    );
    counted.push({ table: found.name, rows, deletes: found.deletes });
  }
  return counted;
}
