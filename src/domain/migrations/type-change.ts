import type { Node, TypeName } from 'libpg-query';
import type { ColumnType } from './catalog';
import { texts, typeOf } from './syntax';

const CHARACTERS = new Set(['varchar', 'text']);
const TIMES = new Set(['timestamp', 'timestamptz']);
/** Pairs that PostgreSQL casts by doing nothing. Source: pg_cast, castmethod 'b'. */
const SAME_BYTES = new Set([
  'cidr inet',
  'xml text',
  'xml varchar',
  'bit varbit',
  'int4 oid',
  'int4 regclass',
]);
/** With digits of a second. */
const FRACTIONS = new Set(['interval', 'time', 'timetz']);
/** Digits of a second when a timestamp names none. */
const MAX_PRECISION = 6;

const equal = (left: ColumnType, right: ColumnType) =>
  left.name === right.name && left.modifiers.join() === right.modifiers.join();

/** Every value of the first fits the second as it is stored. */
function widens(from: ColumnType, to: ColumnType): boolean {
  const [before] = from.modifiers;
  const [after] = to.modifiers;
  if (SAME_BYTES.has(`${from.name} ${to.name}`)) return after === undefined;
  if (FRACTIONS.has(from.name) && from.name === to.name)
    return (after ?? MAX_PRECISION) >= (before ?? MAX_PRECISION);
  if (CHARACTERS.has(from.name) && CHARACTERS.has(to.name)) {
    return after === undefined || (before !== undefined && before <= after);
  }
  if (from.name !== to.name) return false;
  if (after === undefined) return from.name === 'numeric' || from.name === 'varbit';
  if (before === undefined) return false;
  if (from.name === 'numeric') return before <= after && (from.modifiers[1] ?? 0) === (to.modifiers[1] ?? 0);
  return from.name === 'varbit' && before <= after;
}

function sameInstant(from: ColumnType, to: ColumnType, timeZone: string | undefined): boolean {
  if (!TIMES.has(from.name) || !TIMES.has(to.name)) return false;
  const precise = (to.modifiers[0] ?? MAX_PRECISION) >= (from.modifiers[0] ?? MAX_PRECISION);
  return precise && (from.name === to.name || /^(utc|gmt|etc\/(utc|gmt))$/i.test(timeZone ?? ''));
}

/**
 * Whether PostgreSQL changes a column's type without writing the table anew. A timestamp is stored the same with and
 * without a time zone, so between these two it depends on the zone of the session.
 */
export const keepsRows = (from: ColumnType, to: ColumnType, timeZone?: string): boolean =>
  equal(from, to) || widens(from, to) || sameInstant(from, to, timeZone);

const FAMILIES = [
  /^(?:int[248]|(?:small|big)?serial[248]?|numeric|float[48]|oid)$/,
  /^(?:text|varchar|bpchar|char|name|citext)$/,
  /^(?:date|timestamp|timestamptz)$/,
  /^(?:time|timetz)$/,
  /^(?:inet|cidr)$/,
  /^(?:bit|varbit)$/,
];
const familyOf = ({ name }: ColumnType) => FAMILIES.findIndex((family) => family.test(name));

/** Values of both compare with each other as they are. Source: pg_operator. Types of nobody's family are taken to. */
export const compares = (from: ColumnType, to: ColumnType): boolean => familyOf(from) === familyOf(to);

/** Values are compared by other operators than before, so that an index has to be made anew. */
export const changesOrder = (from: ColumnType, to: ColumnType): boolean =>
  (TIMES.has(from.name) && TIMES.has(to.name) && from.name !== to.name) ||
  (from.name === 'bit' && to.name === 'varbit') ||
  (from.name === 'int4' && to.name === 'oid');

/** A USING that says what would happen anyway: the column itself, or its cast to the new type. */
export function saysNothing(
  using: Node | undefined,
  column: string,
  to: ColumnType,
  read: (type: TypeName | undefined) => ColumnType = typeOf,
): boolean {
  if (using === undefined) return true;
  if ('TypeCast' in using) {
    return equal(read(using.TypeCast.typeName), to) && saysNothing(using.TypeCast.arg, column, to, read);
  }
  return 'ColumnRef' in using && texts(using.ColumnRef.fields).at(-1) === column;
}
