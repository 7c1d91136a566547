/** A type as rows are made of it. */
export interface TypeShape {
  /** PostgreSQL's internal name: int4, varchar. */
  name: string;
  /** As SQL: numeric(10,2), public.mood[]. */
  sql: string;
  /** What stands in parentheses. */
  modifiers: readonly number[];
  kind: 'base' | 'enum' | 'array' | 'composite' | 'range' | 'multirange' | 'domain';
  labels?: readonly string[];
  /** Of an array its elements', of a range its bounds', of a multirange its ranges', of a domain what it stands on. */
  of?: TypeShape;
  attributes?: readonly TypeShape[];
  /** Of a domain: conditions on VALUE. */
  checks?: readonly string[];
}

export interface ColumnShape {
  name: string;
  type: TypeShape;
  nullable: boolean;
  /** Filled by a sequence, or by PostgreSQL alone: no value is named for it. */
  numbered: boolean;
  generated: boolean;
}

export interface ReferenceShape {
  name: string;
  columns: readonly string[];
  /** schema.table */
  table: string;
  referenced: readonly string[];
}

/** A table that rows are made for. */
export interface TableShape {
  /** schema.table */
  name: string;
  columns: readonly ColumnShape[];
  /** Columns of each unique index; expressions are left out. */
  keys: readonly (readonly string[])[];
  /** As SQL over the table's columns, with the columns that each is about. */
  checks: readonly { name: string; expression: string; columns: readonly string[] }[];
  references: readonly ReferenceShape[];
}

/** What production has of a column. */
export interface ColumnSizes {
  /** Share of the rows without a value, 0 to 1. */
  nullFraction: number;
  /** Average bytes of a value. */
  width: number;
  /** As in pg_stats: a number of values, or, negative, a share of the rows. */
  distinct: number;
}

/** What production has of a table. */
export interface TableSizes {
  rows: number;
  columns: Readonly<Record<string, ColumnSizes>>;
}

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** "schema"."table" of schema.table; a schema's name has no dot. */
export function relation(name: string): string {
  const dot = name.indexOf('.');
  return `${identifier(name.slice(0, dot))}.${identifier(name.slice(dot + 1))}`;
}
