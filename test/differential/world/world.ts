/** A kind of column: how its type is written, and the value of row n. */
export interface Kind {
  id: string;
  type: string;
  /** SQL of the value of row n, distinct for distinct n where `distinct`. */
  value(n: string): string;
  distinct?: boolean;
  /** PostgreSQL compares two of it by <, so that it can be a key. */
  ordered?: boolean;
}

export interface Column {
  name: string;
  kind: Kind;
  notNull: boolean;
  default?: string;
  /** Made by PostgreSQL, never written: GENERATED ALWAYS AS (…). */
  generated?: 'STORED' | 'VIRTUAL';
  /** Numbered by a sequence: serial, or GENERATED … AS IDENTITY. */
  numbered?: 'serial' | 'identity';
}

export interface Key {
  name: string;
  columns: string[];
}

export interface Table {
  /** As SQL names it, with its schema and quoted where it has to be. */
  sql: string;
  schema: string;
  name: string;
  kind: 'table' | 'partitioned';
  rows: number;
  columns: Column[];
  primary?: Key;
  uniques: Key[];
  checks: Key[];
  notValid: string[];
  foreign: (Key & { to: Table })[];
  indexes: (Key & { unique: boolean; plain: boolean; where?: string })[];
  triggers: string[];
  policies: string[];
  rules: string[];
  /** Constraints that keep values apart, which ON CONFLICT can name. */
  apart: Key[];
  /** Not logged, so that none that is can refer to it, and nobody publishes it. */
  unlogged?: boolean;
  /** Of a partitioned table: columns that decide where a row goes, how, and names of its partitions, as SQL. */
  key: string[];
  strategy?: 'range' | 'list' | 'hash' | 'expression';
  partitions: string[];
  hasDefault?: boolean;
  /** Bounds of the next partition. */
  nextBound: number;
  secured?: boolean;
}

export interface World {
  /** SQL that makes it, statement by statement. Each but the first few may be left out when a story is made smaller. */
  setup: string[];
  schemas: string[];
  tables: Table[];
  views: { sql: string; of: Table; columns: Column[]; where?: string }[];
  materialized: { sql: string; of: Table; unique?: string }[];
  heirs: { sql: string; of: Table }[];
  sequences: string[];
  enums: { sql: string; labels: string[] }[];
  domains: { sql: string; base: string; checks: string[] }[];
  composites: { sql: string; fields: string[] }[];
  functions: { sql: string; args: string; call: string }[];
  publications: string[];
  statistics: string[];
  /** Of a partitioned table's shape, to be attached, and the bounds that it fits. */
  loose: { sql: string; parent: Table; bounds: string }[];
  /** Statements that the old version executes. */
  uses: string[];
  /** Statements it has prepared by name, in every session. */
  prepared: { name: string; sql: string; run: string }[];
  major: number;
}

export const BIG = 100;
export const MANY = 300;
export const FEW = 20;

const RESERVED = new Set(['order', 'user', 'select', 'group', 'check']);
export const quoted = (name: string) =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

export const list = (names: string[]) => names.map(quoted).join(', ');
export const columnsOf = (columns: Column[]) => list(columns.map(({ name }) => name));
export const isNumeric = (type: string) => /^(?!.*\[)(?:integer|smallint|bigint|numeric|double)/.test(type);
export const written = ({ columns }: Table) => columns.filter(({ generated }) => !generated);

/** A condition that every row keeps. */
export const trueOf = ({ name, kind }: Column) =>
  isNumeric(kind.type)
    ? `${quoted(name)} >= 0`
    : kind.type === 'text' || kind.type.startsWith('varchar')
      ? `${quoted(name)} <> ''`
      : `${quoted(name)} IS NOT NULL`;
