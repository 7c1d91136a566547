import type { ColumnType } from './catalog';

/** Words that are fit for a name only in quotation marks. Source: PostgreSQL documentation, "SQL Key Words", reserved. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join lateral leading
  least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric
  offset on only or order out outer overlaps overlay placing position precision primary real references returning right
  row select session_user setof similar smallint some substring symmetric system_user table tablesample then time
  timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with
  xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
  xmltable`.split(/\s+/),
);

/** A name in SQL: quoted only where PostgreSQL would not read it back the same. */
export const ident = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

export const qualified = (schema: string | undefined, name: string): string =>
  schema === undefined ? ident(name) : `${ident(schema)}.${ident(name)}`;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** PostgreSQL cuts names at 63 bytes, which must not happen unseen: two could become one. */
const LONGEST_NAME_BYTES = 63;

/** A name made of parts, its end always kept. */
export function made(...parts: string[]): string {
  const end = parts.at(-1) ?? '';
  let start = parts.slice(0, -1).join('_');
  while (new TextEncoder().encode(`${start}_${end}`).length > LONGEST_NAME_BYTES) start = start.slice(0, -1);
  return `${start}_${end}`;
}

/** Reserved words that are types when they stand where a type does. */
const TYPE_WORDS = new Set(
  'bigint bit boolean dec decimal float int integer interval numeric real smallint time timestamp varchar'.split(
    ' ',
  ),
);

const SERIALS: Record<string, string> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

/** A type in SQL, from its internal name: "_text" is text[], "bpchar" a char. */
export function typeSql({ name, modifiers }: ColumnType): string {
  const array = name.startsWith('_');
  const base = array ? name.slice(1) : name;
  const plain = SERIALS[base] ?? base;
  const written = TYPE_WORDS.has(plain) ? plain : plain.split('.').map(ident).join('.');
  // a bare char is char(1) to the parser and any length to the catalog
  if (base.startsWith('interval ')) return `${base}${modifiers.length > 0 ? `(${modifiers[0]})` : ''}`;
  const typed = base === 'bpchar' && modifiers.length === 0 ? 'char' : written;
  return `${typed}${modifiers.length > 0 ? `(${modifiers.join(', ')})` : ''}${array ? '[]' : ''}`;
}
