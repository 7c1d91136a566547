import type { SequencePosition } from '../../domain/validation/sequences';
import { quoted, USER_SCHEMAS } from './names';
import type { Ask } from './within';

interface Owned {
  sequenceSchema: string;
  sequence: string;
  tableSchema: string;
  table: string;
  column: string;
  increment: string;
  /** The first and the last number that sequence and column type both have, in the sequence's direction. */
  first: string;
  last: string;
}

/**
 * Sequences that own, or are the identity of, a column of an integer type; those that begin again are never behind.
 * Only what the role may read.
 */
const OWNED = `
  SELECT n.nspname AS "sequenceSchema", s.relname AS sequence, tn.nspname AS "tableSchema", t.relname AS table,
    a.attname AS column, q.seqincrement::text AS increment,
    (CASE WHEN q.seqincrement > 0 THEN greatest(q.seqmin, -w.width - 1) ELSE least(q.seqmax, w.width) END)::text AS first,
    (CASE WHEN q.seqincrement > 0 THEN least(q.seqmax, w.width) ELSE greatest(q.seqmin, -w.width - 1) END)::text AS last
  FROM pg_sequence q
  JOIN pg_class s ON s.oid = q.seqrelid JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  JOIN (VALUES ('int2'::regtype, 32767::numeric), ('int4'::regtype, 2147483647), ('int8'::regtype, 9223372036854775807))
    AS w(type, width) ON w.type = a.atttypid
  WHERE ${USER_SCHEMAS} AND NOT q.seqcycle
    AND has_sequence_privilege(q.seqrelid, 'SELECT') AND has_column_privilege(t.oid, a.attnum, 'SELECT')
  ORDER BY 1, 2`;

/** The furthest value of the column: found in its index, else by reading the table for as long as there is time. */
const positionOf = ({ sequenceSchema, sequence, tableSchema, table, column, increment }: Owned) => `
  SELECT last_value::text AS value, is_called AS called,
    (SELECT ${BigInt(increment) > 0n ? 'max' : 'min'}(${quoted(column)}) FROM ${quoted(tableSchema, table)})::text AS furthest
  FROM ${quoted(sequenceSchema, sequence)}`;

interface Position {
  value: string;
  called: boolean;
  furthest: string | null;
}

/** Distances only: the column's own value is a row's, and stays here. */
function distances(owned: Owned, { value, called, furthest }: Position): Omit<SequencePosition, 'name'> {
  const step = BigInt(owned.increment);
  const ahead = step > 0n ? 1n : -1n;
  const next = BigInt(value) + (called ? step : 0n);
  const over = furthest === null ? -1n : (BigInt(furthest) - next) * ahead;
  const [first, last] = [BigInt(owned.first), BigInt(owned.last)];
  return {
    behind: over < 0n ? 0 : Number(over + 1n),
    usedPercent: Number(((BigInt(value) - first) * 100n) / (last - first || 1n)),
    exhausted: (next - last) * ahead > 0n,
  };
}

/**
 * A sequence moves outside transactions, so it is read at a later moment than the rows of the snapshot: it can only
 * seem further ahead, never behind. Source: PostgreSQL documentation, "Sequence Manipulation Functions".
 */
export async function sequences(ask: Ask): Promise<SequencePosition[]> {
  const positions: SequencePosition[] = [];
  for (const owned of await ask<Owned & Record<string, string>>(OWNED)) {
    const [position] = await ask<Position & Record<string, unknown>>(positionOf(owned));
    const name = `${owned.sequenceSchema}.${owned.sequence} of ${owned.tableSchema}.${owned.table}.${owned.column}`;
    positions.push({ name, ...distances(owned, position!) });
  }
  return positions;
}
