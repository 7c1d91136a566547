import type { ColumnType } from '../catalog';
import { ident } from '../names';
import type { Target } from './stage';

/** PostgreSQL cuts names at 63 bytes, which must not happen unseen: two could become one. */
const LONGEST_NAME_BYTES = 63;

/** A name made of parts, its end always kept. */
export function made(...parts: string[]): string {
  const end = parts.at(-1) ?? '';
  let start = parts.slice(0, -1).join('_');
  while (new TextEncoder().encode(`${start}_${end}`).length > LONGEST_NAME_BYTES) start = start.slice(0, -1);
  return `${start}_${end}`;
}

/** A part of a file's name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'x';

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
  const typed = base === 'bpchar' && modifiers.length === 0 ? 'char' : written;
  return `${typed}${modifiers.length > 0 ? `(${modifiers.join(', ')})` : ''}${array ? '[]' : ''}`;
}

export const alter = (target: Target, ...parts: string[]): string =>
  `ALTER TABLE ${target.sql}\n  ${parts.join(',\n  ')};`;
