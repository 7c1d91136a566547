import type { Node } from 'libpg-query';
import { type Catalog, resolve } from './catalog';
import { named, some, texts } from './syntax';

/**
 * Functions of PostgreSQL that give one value for the whole statement, as defaults use them. Whatever is not listed
 * counts as volatile, which is also what a function of the user's is unless it says otherwise.
 */
export const STEADY = new Set(
  `now transaction_timestamp statement_timestamp timezone date_trunc date_part extract to_char to_date to_timestamp
  make_interval make_date age lower upper concat left right length md5 replace trim btrim coalesce current_setting
  json_build_object json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb int4range int8range daterange
  tsrange tstzrange numrange abs round floor ceil array_fill sha256 encode decode convert_to`.split(/\s+/),
);

/** Whether a default gives each row a value of its own, so that adding it writes every row. */
export const isVolatile = (catalog: Catalog, expression: Node | undefined): boolean =>
  some({ expression }, (tag, node) => {
    if (tag !== 'FuncCall') return false;
    const parts = texts(node.funcname as Node[]);
    const known = catalog.routines.get(resolve(catalog, named(parts), catalog.routines));
    return known ? known.volatile : !STEADY.has(parts.at(-1) ?? '');
  });
