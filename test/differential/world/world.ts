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
  generated?: boolean;
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
  indexes: (Key & { unique: boolean; plain: boolean })[];
  triggers: string[];
  policies: string[];
  rules: string[];
  /** Of a partitioned table: names of its partitions, as SQL. */
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
  materialized: { sql: string; unique?: string }[];
  sequences: string[];
  enums: { sql: string; labels: string[] }[];
  domains: { sql: string; base: string; checks: string[] }[];
  composites: { sql: string; fields: string[] }[];
  functions: { sql: string; args: string; call: string }[];
  publications: string[];
  statistics: string[];
  /** Of another table's shape, to be attached or inherited; bounds it fits. */
  loose: { sql: string; parent: Table; from: number; to: number; checked: boolean }[];
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
export const isNumeric = (type: string) => /^(?:integer|smallint|bigint|numeric|double)/.test(type);
export const written = ({ columns }: Table) => columns.filter(({ generated }) => !generated);

/** A condition that every row keeps. */
export const trueOf = ({ name, kind }: Column) =>
  isNumeric(kind.type)
    ? `${quoted(name)} >= 0`
    : kind.type === 'text' || kind.type.startsWith('varchar')
      ? `${quoted(name)} <> ''`
      : `${quoted(name)} IS NOT NULL`;
