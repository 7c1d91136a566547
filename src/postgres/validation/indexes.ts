import type { IndexesSeen } from '../../domain/validation/indexes';
import { USER_SCHEMAS } from './names';
import type { Ask } from './within';

/** An index that somebody builds at this moment is not valid either, and no leftover. */
export async function indexes(ask: Ask): Promise<IndexesSeen> {
  const rows = await ask<{ name: string }>(`
    SELECT n.nspname || '.' || x.relname AS name
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
    WHERE NOT i.indisvalid AND ${USER_SCHEMAS}
      AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
    ORDER BY 1`);
  return { invalid: rows.map(({ name }) => name) };
}
