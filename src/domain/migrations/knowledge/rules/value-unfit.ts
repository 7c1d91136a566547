import type { AlterTableCmd, ColumnDef, CreateStmt, Node } from 'libpg-query';
import type { Catalog } from '../../catalog';
import { userType } from '../../schema/held';
import { asColumn, inline, texts, typeOf } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

/** What a constant is before it becomes a value of the column. */
type Kind = 'number' | 'switch' | 'text' | 'moment';

const NUMBERS = /^(?:int[248]|float[48]|numeric)$/;
const MOMENTS = /^(?:date|timestamp|timestamptz|time|timetz)$/;
/** Types of PostgreSQL's own that nothing but a text becomes by itself. Source: pg_cast, castcontext 'a' and 'i'. */
const OTHERS = /^(?:interval|uuid|jsonb?|xml|bytea|inet|cidr|macaddr8?|point|tsvector|\w+range)$/;

const TAKES: readonly [RegExp, readonly Kind[]][] = [
  [NUMBERS, ['number']],
  [/^bool$/, ['switch']],
  [MOMENTS, ['moment']],
  [OTHERS, []],
];

interface Constant {
  kind: Kind;
  text: string;
}

/** A constant, or the moment, without a cast that makes something else of it. */
function constantIn(node: Node): Constant | undefined {
  if ('SQLValueFunction' in node) {
    const isMoment = /CURRENT_(?:DATE|TIMESTAMP)|LOCALTIMESTAMP/.test(node.SQLValueFunction.op ?? '');
    return isMoment ? { kind: 'moment', text: 'the time of day' } : undefined;
  }
  if ('FuncCall' in node)
    return texts(node.FuncCall.funcname).at(-1) === 'now' ? { kind: 'moment', text: 'now()' } : undefined;
  if (!('A_Const' in node)) return undefined;
  const { isnull, sval, ival, fval, boolval } = node.A_Const as {
    isnull?: boolean;
    sval?: { sval?: string };
    ival?: { ival?: number };
    fval?: { fval?: string };
    boolval?: { boolval?: boolean };
  };
  if (isnull) return undefined;
  if (sval) return { kind: 'text', text: sval.sval ?? '' };
  if (boolval) return { kind: 'switch', text: String(boolval.boolval === true) };
  return ival || fval ? { kind: 'number', text: fval?.fval ?? String(ival?.ival ?? 0) } : undefined;
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Whether a text can be read as a value; types whose texts have many forms are left out. */
const READS: readonly [RegExp, (text: string) => boolean][] = [
  // from 16 on also 0x1F and 1_000
  [/^int[248]$/, (text) => /^\s*[+-]?\d[\dA-Fa-foxX_]*\s*$/.test(text)],
  [/^(?:numeric|float[48])$/, (text) => /^\s*(?:[+-]?[\d.]|[+-]?(?:nan|inf))/i.test(text)],
  [
    /^bool$/,
    (text) => /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|no?|on|of|off|[01])\s*$/i.test(text),
  ],
  [/^uuid$/, (text) => /^\{?(?:[\da-f]{4}-?){8}\}?$/i.test(text)],
  // PostgreSQL reads no more than JavaScript does
  [/^jsonb?$/, isJson],
  [/^_/, (text) => /^\s*[{[]/.test(text)],
];

const BITS: Record<string, number> = { int2: 15, int4: 31 };

/** Adding a column computes its default at once; any other default is only looked at when it is used. */
function overflows(
  type: { name: string; modifiers: number[] },
  { kind, text }: Constant,
): string | undefined {
  const [length = 0, scale = 0] = type.modifiers;
  if (kind === 'number') {
    const value = Math.abs(Number(text));
    const bits = BITS[type.name];
    const isMore = bits
      ? Math.round(value) > 2 ** bits - (text.startsWith('-') ? 0 : 1)
      : type.name === 'numeric' && length > 0 && Math.round(value * 10 ** scale) >= 10 ** length;
    return isMore ? `${text} is more than it holds` : undefined;
  }
  const letters = kind === 'text' && /^(?:varchar|bpchar)$/.test(type.name) && length > 0;
  return letters && [...text.trimEnd()].length > length ? `'${text}' is longer than it holds` : undefined;
}

function unfitFor(
  catalog: Catalog,
  written: { name: string; modifiers: number[] },
  value: Node,
  now: boolean,
) {
  const constant = constantIn(value);
  if (!constant) return undefined;
  const name = userType(catalog, written.name);
  const { kind, text } = constant;
  const said = kind === 'text' ? `'${text}'` : text;
  const labels = catalog.enums.get(name);
  if (labels) return kind === 'text' && labels.includes(text) ? undefined : `${said} is none of its values`;
  if (name.includes('.')) return undefined;
  const isArray = name.startsWith('_');
  if (kind !== 'text' && (isArray || !(TAKES.find(([of]) => of.test(name))?.[1].includes(kind) ?? true)))
    return `${said} does not become ${isArray ? 'an array' : `a value of ${name}`} by itself`;
  if (kind === 'text' && !(READS.find(([of]) => of.test(name))?.[1](text) ?? true))
    return `${said} cannot be read as ${isArray ? 'an array' : name}`;
  return now ? overflows({ ...written, name }, constant) : undefined;
}

/** Columns with the default that they are to have. */
function unfit({ form, node, table, name, catalog }: Subject): string | undefined {
  const { def, tableElts = [] } = node as AlterTableCmd & CreateStmt;
  if (form === 'AT_ColumnDefault') {
    const type = table?.columns.find((column) => column.name === name)?.type;
    const why = type && def && unfitFor(catalog, type, def, false);
    return why && `${name}, where ${why}`;
  }
  const definitions: ColumnDef[] = [...tableElts, ...(def ? [def] : [])].flatMap(
    (one) => asColumn(one) ?? [],
  );
  for (const column of definitions)
    for (const { raw_expr } of inline(column, 'CONSTR_DEFAULT')) {
      const why = raw_expr && unfitFor(catalog, typeOf(column.typeName), raw_expr, form === 'AT_AddColumn');
      if (why) return `${column.colname}, where ${why}`;
    }
  return undefined;
}

export const valueUnfit = rule({
  id: 'value-unfit',
  on: ['AT_AddColumn', 'AT_ColumnDefault', 'CreateStmt'],
  condition:
    "a default that is no value of its column: an int DEFAULT 'x', a boolean DEFAULT 0, an enum without the value",
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `giving a default to ${unfit(s)},`,
  remedy: () => ['Write a default of the type of the column, or cast it: now()::date.'],
  unsafe: { sql: "ALTER TABLE items ALTER COLUMN quantity SET DEFAULT 'none'" },
  safe: { sql: 'ALTER TABLE items ALTER COLUMN quantity SET DEFAULT 0' },
});
