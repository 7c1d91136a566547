import type { ConstraintsSeen } from '../../domain/validation/constraints';
import { USER_SCHEMAS } from './names';
import type { Ask } from './within';

/** Of tables and of domains. */
export async function constraints(ask: Ask): Promise<ConstraintsSeen> {
  const rows = await ask<{ name: string }>(`
    SELECT k.conname || ' on ' || n.nspname || '.' || coalesce(c.relname, t.typname) AS name
    FROM pg_constraint k
    LEFT JOIN pg_class c ON c.oid = k.conrelid
    LEFT JOIN pg_type t ON t.oid = k.contypid
    JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
    WHERE NOT k.convalidated AND ${USER_SCHEMAS}
    ORDER BY 1`);
  return { notValid: rows.map(({ name }) => name) };
}
