import { literal, type TypeShape } from './shape';

/** The fewest letters in which a number can be written so that two numbers differ. */
const letters = (i: string, length: number, width: number) =>
  length < 12
    ? `lpad(to_hex(${i}), ${length}, '0')`
    : `rpad('value ' || (${i}), least(${length}, greatest(${width}, length('value ' || (${i})))), 'x')`;

const DAY = `date '2026-01-01'`;
const NO_LIMIT = 1_000_000;

/** Of a number with a precision: as many digits as it has. */
function numeric(i: string, [precision, scale = 0]: readonly number[]): string {
  if (precision === undefined) return `(${i})::numeric`;
  const whole = precision - scale;
  if (whole <= 0) return `(((${i}) % ${10 ** Math.min(precision, 9)}) / 10.0 ^ ${scale})`;
  return `((${i}) % ${10 ** Math.min(whole, 15)})`;
}

type Maker = (i: string, type: TypeShape, width: number) => string;

const text: Maker = (i, { modifiers: [length = NO_LIMIT] }, width) => letters(i, length, width);

/** A value as SQL for each type, where `i` is a positive whole number as SQL; other numbers make other values where the type has as many. */
const BASE: Readonly<Record<string, Maker>> = {
  int2: (i) => `((${i}) % 32767)`,
  int4: (i) => i,
  int8: (i) => i,
  oid: (i) => i,
  float4: (i) => i,
  float8: (i) => i,
  money: (i) => `(${i})::numeric`,
  numeric: (i, { modifiers }) => numeric(i, modifiers),
  bool: (i) => `((${i}) % 2 = 1)`,
  text,
  varchar: text,
  citext: text,
  name: (i) => letters(i, 63, 0),
  // without a length it is one letter
  bpchar: (i, { modifiers: [length = 1] }) => letters(i, length, length),
  char: (i) => `chr(65 + ((${i}) % 26)::int)`,
  uuid: (i) => `md5((${i})::text)`,
  date: (i) => `${DAY} + ((${i}) % 3000)::int`,
  timestamp: (i) => `${DAY} + (${i}) * interval '1 hour'`,
  timestamptz: (i) => `timestamptz '2026-01-01 00:00:00+00' + (${i}) * interval '1 hour'`,
  time: (i) => `time '00:00' + (${i}) * interval '1 second'`,
  timetz: (i) => `'00:00+00'::timetz + (${i}) * interval '1 second'`,
  interval: (i) => `(${i}) * interval '1 hour'`,
  json: (i, _, width) => `json_build_object('n', ${i}, 'text', ${letters(i, NO_LIMIT, width)})`,
  jsonb: (i, _, width) => `jsonb_build_object('n', ${i}, 'text', ${letters(i, NO_LIMIT, width)})`,
  bytea: (i, _, width) => `convert_to(${letters(i, NO_LIMIT, width)}, 'UTF8')`,
  inet: (i) => `'10.0.0.0'::inet + (${i})`,
  cidr: (i) => `set_masklen(('10.0.0.0'::inet + (${i}))::cidr, 32)`,
  macaddr: (i) => `lpad(to_hex(${i}), 12, '0')`,
  macaddr8: (i) => `lpad(to_hex(${i}), 16, '0')`,
  bit: (i, { modifiers: [length = 1] }) => `(${i})::bigint::bit(64)::bit(${length})`,
  varbit: (i) => `(${i})::bigint::bit(64)`,
  point: (i) => `point(${i}, ${i})`,
  box: (i) => `box(point(${i}, ${i}), point((${i}) + 1, (${i}) + 1))`,
  circle: (i) => `circle(point(${i}, ${i}), 1)`,
  line: (i) => `line(point(0, 0), point(1, ${i}))`,
  lseg: (i) => `lseg(point(0, 0), point(1, ${i}))`,
  path: (i) => `path(box(point(${i}, 0), point((${i}) + 1, 1))::polygon)`,
  polygon: (i) => `box(point(${i}, ${i}), point((${i}) + 1, (${i}) + 1))::polygon`,
  xml: (i) => `('<n>' || (${i}) || '</n>')`,
  tsvector: (i) => `to_tsvector('simple', 'value' || (${i}))`,
  tsquery: (i) => `to_tsquery('simple', 'value' || (${i}))`,
  pg_lsn: (i) => `'0/0'::pg_lsn + (${i})`,
  hstore: (i) => `('n=>' || (${i}))`,
  ltree: (i) => `('n' || (${i}))`,
  vector: (i, { modifiers: [length = 3] }) => `array_fill((${i})::real, ARRAY[${length}])`,
};

function bare(type: TypeShape, i: string, width: number): string | undefined {
  const { kind, of } = type;
  if (kind === 'enum') {
    const labels = type.labels ?? [];
    if (labels.length === 0) return undefined;
    return `(ARRAY[${labels.map(literal).join(', ')}])[1 + ((${i}) - 1) % ${labels.length}]`;
  }
  if (kind === 'composite') {
    const values = (type.attributes ?? []).map((one) => valueFor(one, i, width));
    return values.every((value) => value !== undefined) ? `ROW(${values.join(', ')})` : undefined;
  }
  if (kind === 'base') return BASE[type.name]?.(i, type, width);
  if (!of) return undefined;
  if (kind === 'range') {
    const [from, to] = [valueFor(of, `2 * (${i})`, 0), valueFor(of, `2 * (${i}) + 1`, 0)];
    return from && to && `${type.sql}(${from}, ${to})`;
  }
  const inner = valueFor(of, i, width);
  if (inner === undefined || kind === 'domain') return inner;
  return kind === 'array' ? `ARRAY[${inner}]` : `${type.sql}(${inner})`;
}

/**
 * A value of a type as SQL, by a positive whole number as SQL. Undefined for a type that nothing is known of.
 * @param width bytes that a text should have, where it may
 */
export function valueFor(type: TypeShape, i: string, width = 0): string | undefined {
  const value = bare(type, i, Math.min(width, NO_LIMIT));
  return value === undefined ? undefined : `(${value})::${type.sql}`;
}

const NUMBERS = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'money']);
const TEXTS = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);

const baseOf = (type: TypeShape): TypeShape => (type.kind === 'domain' && type.of ? baseOf(type.of) : type);

/** Texts of the forms that conditions most often ask for. */
const FORMS: readonly ((i: string) => string)[] = [
  (i) => `'user' || (${i}) || '@example.com'`,
  (i) => `'https://example.com/' || (${i})`,
  (i) => `'+49170' || lpad((${i})::text, 7, '0')`,
  (i) => `'value-' || (${i})`,
  (i) => `'VALUE' || (${i})`,
  (i) => `upper(to_hex(${i}))`,
  (i) => `(${i})::text`,
];

/**
 * Values that may satisfy conditions, as SQL: those that the conditions name, those beside them, and forms that are often asked
 * for. Which of them do is for PostgreSQL to say.
 */
export function candidates(type: TypeShape, conditions: readonly string[], i: string): string[] {
  const base = baseOf(type);
  const said = conditions.join('\n');
  const texts = [...said.matchAll(/'((?:[^']|'')*)'/g)].map(([, one = '']) => one.replaceAll("''", "'"));
  const numbers = [...said.replaceAll(/'(?:[^']|'')*'/g, ' ').matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)].map(
    ([one]) => Number(one),
  );
  const values: string[] = [];
  const usual = valueFor(type, i);
  if (usual !== undefined) values.push(usual);
  if (NUMBERS.has(base.name)) {
    const near = numbers.flatMap((n) => [
      `${n} + (${i})`,
      `${n} - (${i})`,
      String(n),
      String(n + 1),
      String(n - 1),
    ]);
    const between = numbers.flatMap((n) => numbers.map((m) => String((n + m) / 2)));
    values.push(...near, ...between, '0', '1', '-1');
  } else if (TEXTS.has(base.name)) {
    const named = texts.map((one) => literal(one));
    const listed =
      named.length > 1 ? [`(ARRAY[${named.join(', ')}]::text[])[1 + ((${i}) - 1) % ${named.length}]`] : [];
    const long = numbers.filter((n) => n > 0 && n <= 1_000).map((n) => letters(i, n, n));
    const codes = numbers
      .filter((n) => n > 0 && n <= 30)
      .flatMap((n) => [
        `rpad(chr(65 + ((${i}) % 26)::int), ${n}, 'A')`,
        `rpad(chr(97 + ((${i}) % 26)::int), ${n}, 'a')`,
        `lpad(((${i}) % ${10 ** Math.min(n, 9)})::text, ${n}, '0')`,
      ]);
    values.push(...listed, ...named, ...FORMS.map((form) => form(i)), ...long, ...codes, `''`);
  } else {
    values.push(...texts.map((one) => literal(one)));
    if (/^(date|timestamp)/.test(base.name))
      values.push(...texts.map((one) => `${literal(one)}::timestamptz + interval '1 minute' * (${i})`));
    if (base.name === 'bool') values.push('true', 'false');
  }
  return [...new Set(values)].map((value) => (value === usual ? value : `(${value})::${type.sql}`));
}
