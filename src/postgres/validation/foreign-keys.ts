import type { ForeignKeysSeen } from '../../domain/validation/foreign-keys';
import { quoted, USER_SCHEMAS } from './names';
import type { Ask } from './within';

interface Key {
  name: string;
  validated: boolean;
  child: [schema: string, table: string];
  parent: [schema: string, table: string];
  columns: string[];
  referenced: string[];
}

const COLUMNS = (relation: string, numbers: string) => `ARRAY(
  SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS listed(number, position)
  JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = listed.number ORDER BY listed.position)`;

/** Keys of partitions go with their parent's; temporal keys (PERIOD, PostgreSQL 18) match ranges and are left out. */
const KEYS = `
  SELECT k.conname || ' on ' || n.nspname || '.' || c.relname AS name, k.convalidated AS validated,
    ARRAY[n.nspname::text, c.relname::text] AS child, ARRAY[pn.nspname::text, p.relname::text] AS parent,
    ${COLUMNS('k.conrelid', 'k.conkey')} AS columns, ${COLUMNS('k.confrelid', 'k.confkey')} AS referenced
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0 AND ${USER_SCHEMAS} AND pg_get_constraintdef(k.oid) !~ ' PERIOD '
  ORDER BY 1`;

/** A row with a NULL among its columns refers to nothing. Source: PostgreSQL documentation, CREATE TABLE, MATCH SIMPLE. */
function orphansOf({ child, parent, columns, referenced }: Key): string {
  const present = columns.map((column) => `c.${quoted(column)} IS NOT NULL`);
  const same = columns.map((column, index) => `p.${quoted(referenced[index]!)} = c.${quoted(column)}`);
  return `SELECT count(*)::float8 AS count FROM ${quoted(...child)} c
    WHERE ${present.join(' AND ')}
      AND NOT EXISTS (SELECT 1 FROM ${quoted(...parent)} p WHERE ${same.join(' AND ')})`;
}

/** Counts behind keys that PostgreSQL has not validated, and behind those that are not among `known`. */
export async function foreignKeys(ask: Ask, known: readonly string[] | undefined): Promise<ForeignKeysSeen> {
  const keys = await ask<Key & Record<string, unknown>>(KEYS);
  const orphans: ForeignKeysSeen['orphans'] = {};
  for (const key of keys) {
    if (key.validated && (known === undefined || known.includes(key.name))) continue;
    const [counted] = await ask<{ count: number }>(orphansOf(key));
    orphans[key.name] = counted!.count;
  }
  return {
    names: keys.map(({ name }) => name),
    orphans,
    notValid: keys.filter(({ validated }) => !validated).map(({ name }) => name),
  };
}
