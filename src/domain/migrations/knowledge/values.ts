import type { Node } from 'libpg-query';
import type { Catalog, Column, Table } from '../catalog';
import { parseExpression } from '../parse';
import { columnsIn, some, texts } from '../syntax';

/** From this share of the rows on, a condition is taken to leave most of them. */
export const MANY = 0.1;

/** A column that is a key by itself, so that each value is in one row. */
export const isKey = (table: Table | undefined, column: string): boolean =>
  table?.indexes.some(
    ({ unique, valid, computed, columns }) => unique && valid && !computed && columns.join() === column,
  ) === true;

const TRUE = /^(?:t|true|y|yes|on|1)$/i;

/** A constant as the statistics write values of the type; undefined where it is only known when the statement runs. */
function written(value: Node, type: string): string | undefined {
  if ('TypeCast' in value) return value.TypeCast.arg && written(value.TypeCast.arg, type);
  if (!('A_Const' in value)) return undefined;
  const { sval, ival, fval, boolval } = value.A_Const as {
    sval?: { sval?: string };
    ival?: { ival?: number };
    fval?: { fval?: string };
    boolval?: { boolval?: boolean };
  };
  const text = boolval ? String(boolval.boolval === true) : (sval?.sval ?? fval?.fval ?? ival?.ival ?? 0);
  return type === 'bool' ? (TRUE.test(String(text)) ? 't' : 'f') : String(text);
}

/** Types whose values have one text each. */
const EXACT = new Set(['bool', 'int2', 'int4', 'int8', 'name', 'text', 'uuid', 'varchar']);

/** Share of the rows that have one of these values, or one that the statistics do not name. */
function shareOf(catalog: Catalog, { type, frequent = {} }: Column, value: Node): number {
  const text = written(value, type.name);
  const share = text === undefined ? undefined : frequent[text];
  const isExact = EXACT.has(type.name) || catalog.enums.has(type.name);
  return share ?? (text !== undefined && isExact ? 0 : Math.max(0, ...Object.values(frequent)));
}

/** Share of the rows that have one of the values; undefined where nobody has counted. */
export const shareWith = (catalog: Catalog, column: Column, values: readonly Node[]): number | undefined =>
  column.frequent && values.reduce((sum, value) => sum + shareOf(catalog, column, value), 0);

const baseOf = (catalog: Catalog, type: string): string => {
  const domain = catalog.domains.get(type);
  return domain ? baseOf(catalog, domain.base.name) : type;
};

/** A rule of the table lists its values. */
const isListed = (table: Table, column: string): boolean =>
  table.constraints.some(
    ({ kind, columns, expression }) =>
      kind === 'check' &&
      columns.includes(column) &&
      some(typeof expression === 'string' ? parseExpression(expression) : expression, (_tag, node) => {
        const { kind: operator = '', lexpr } = node as { kind?: string; lexpr?: Node };
        return /^AEXPR_(?:IN|OP_ANY)$/.test(operator) && columnsIn({ lexpr }).join() === column;
      }),
  );

/** Has so few values that one of them is likely to be in many rows: a boolean, an enum, one of a list. */
export function hasFewValues(catalog: Catalog, table: Table, { name, type }: Column): boolean {
  const base = baseOf(catalog, type.name);
  return base === 'bool' || catalog.enums.has(base) || isListed(table, name);
}

/** Functions and casts whose values are nearly as many as those that they are given; others put many rows together. */
const KEEPING = new Set(['btrim', 'lower', 'md5', 'upper']);
const ROUNDING = /^(?:bpchar|date|float|int|interval|numeric|time)/;

/** Name, behind its qualifiers, of the column whose values an expression has: kind, lower(email), coalesce(paid, false). */
export function columnBehind(expression: Node | undefined): string[] | undefined {
  if (expression === undefined) return undefined;
  if ('ColumnRef' in expression) return texts(expression.ColumnRef.fields);
  if ('CoalesceExpr' in expression) return columnBehind(expression.CoalesceExpr.args?.[0]);
  if ('CollateClause' in expression) return columnBehind(expression.CollateClause.arg);
  if ('TypeCast' in expression)
    return ROUNDING.test(texts(expression.TypeCast.typeName?.names).at(-1) ?? '')
      ? undefined
      : columnBehind(expression.TypeCast.arg);
  if (!('FuncCall' in expression)) return undefined;
  const { funcname, args = [] } = expression.FuncCall;
  return KEEPING.has(texts(funcname).at(-1) ?? '') ? columnBehind(args[0]) : undefined;
}
