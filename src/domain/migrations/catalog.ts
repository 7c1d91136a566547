import type { Node, PartitionBoundSpec } from 'libpg-query';

/** A column's type: PostgreSQL's internal name ("int4", "varchar", "_text" for arrays, or a domain or enum), and what stands in parentheses. */
export interface ColumnType {
  name: string;
  modifiers: number[];
}

export interface Column {
  name: string;
  type: ColumnType;
  nullable: boolean;
  hasDefault: boolean;
  /** Estimated share of the rows without a value, 0 to 1; undefined where nobody has counted, or may read the statistics. */
  nullShare?: number;
  /** The same of each value that a hundredth of the rows or more have, by its text. */
  frequent?: Record<string, number>;
  /** Added by the release itself: the live version does not write it. */
  created?: boolean;
  /** Added behind the triggers of its table, which cannot know it. */
  unfilled?: boolean;
  /** Computed by PostgreSQL from other columns, and whether its values are kept. */
  generated?: 'stored' | 'virtual';
  /** GENERATED … AS IDENTITY. */
  identity?: boolean;
}

export interface Constraint {
  name: string;
  kind: 'check' | 'unique' | 'primary' | 'foreign' | 'exclude' | 'not-null';
  columns: string[];
  validated: boolean;
  /** False for one that is not looked at: NOT ENFORCED (18). */
  enforced?: boolean;
  /** NO INHERIT: of the table alone. */
  alone?: boolean;
  /** ON CONFLICT does not find a key that is checked later. */
  deferrable?: boolean;
  /** INITIALLY DEFERRED: what is written is looked at when its transaction ends. */
  deferred?: boolean;
  /** Of a check: its expression, as text or already as a tree. */
  expression?: string | Node;
  /** Of a foreign key: the table it points to, as schema.table. */
  references?: string;
  referencedColumns?: string[];
  /** As SQL behind its name, "CHECK (n > 0)"; undefined where files have it in a form that nobody has written out. */
  definition?: string;
}

export interface Index {
  name: string;
  /** Of its key, in their order; what is computed is left out. */
  columns: string[];
  unique: boolean;
  /** False after a concurrent build that failed. */
  valid: boolean;
  /** Every column that it needs: of its key, behind INCLUDE, in its expressions and its predicate. */
  reads: string[];
  /** Has an expression or a predicate. */
  computed: boolean;
  /** btree, gin and so on; undefined for that of a key. */
  method?: string;
  /** What a name is made of for one like it; its columns unless there is more. */
  parts?: string[];
  /** Of a partition: the index of its parent that it is a part of. */
  partOf?: string;
  /** Built by the release itself: the live version does not name its columns behind ON CONFLICT. */
  created?: boolean;
  /** The tablespace it lies in; undefined where nobody knows. */
  space?: string;
  /** As SQL behind its table, "USING btree (n)"; undefined where files have it in a form that nobody has written out. */
  definition?: string;
}

/** What uses columns of a table and is not part of it, so that their types cannot change under it. */
export interface ColumnUser {
  kind: 'generated column' | 'trigger' | 'policy' | 'rule' | 'function' | 'publication';
  /** A function with its schema, anything else without. */
  name: string;
  columns: string[];
}

export interface Policy {
  name: string;
  /** r, a, w, d: SELECT, INSERT, UPDATE, DELETE, as in pg_policy. */
  commands: string;
  /** Takes rows away from what the others let see. */
  restrictive?: boolean;
  /** Whom it is for; everybody where it names nobody. */
  roles?: string[] | null;
  /** Its condition is no more than true. */
  open?: boolean;
}

/** A table, partitioned or foreign table, view or materialized view. */
export interface Table {
  /** schema.table */
  name: string;
  kind: 'table' | 'partitioned' | 'view' | 'materialized' | 'foreign';
  /** Estimated; undefined when it was never counted. */
  rows?: number;
  bytes?: number;
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  /** Views that read it directly, as schema.view, and which of its columns. */
  views: { name: string; columns: string[] }[];
  /** Of a partition: its parent, and which rows it has, as SQL or already as a tree. Of a parent: its default partition. */
  partitionOf?: string;
  bound?: string | PartitionBoundSpec;
  defaultPartition?: string;
  /** A trigger of the user's sees each row before it is inserted, and may fill columns. */
  filled?: boolean;
  /** Tables it inherits from without being a partition of them. */
  inherits?: string[];
  /** What else uses its columns. */
  columnUsers?: ColumnUser[];
  /** For row level security, which is on when it is `secured`. */
  policies?: Policy[];
  secured?: boolean;
  /** Row level security is for the owner as well. */
  forced?: boolean;
  /** Columns that tell its rows apart in changes that are published: of its primary key, or of another replica identity. */
  identity?: string[];
  /** UPDATE or DELETE on it is published. */
  published?: boolean;
  /** Publications that it is in. */
  publications?: string[];
  /** How and where it is kept; what is not known is undefined. */
  storage?: { logged?: boolean; method?: string; space?: string };
  /** What roles other than its owner may do with it: select, insert, update, delete; everybody is PUBLIC. */
  grants?: Record<string, string[]>;
  /** Names of its rules, triggers left out. */
  rules?: string[];
  /** Of a partitioned table: columns that decide where a row goes, those in expressions too. */
  partitionKey?: string[];
  /** That is computed from those columns. */
  partitionExpression?: boolean;
  /** How it decides that, as in PARTITION BY. */
  strategy?: 'range' | 'list' | 'hash';
  /** Of a view: settings that CREATE OR REPLACE resets, such as security_invoker. */
  settings?: string[];
  /** CREATE TABLE … OF: the composite type that says what its columns are. */
  of?: string;
  /** Only the session that made it has it. */
  temporary?: boolean;
  /** Made by the release itself, and filled with as many rows as another table has. */
  copied?: boolean;
  /** Made by the release itself: empty, and the live version does not know it. */
  created?: boolean;
  /** No file makes it: nothing is known of it but rules that files have added. */
  unseen?: boolean;
}

export interface Domain {
  base: ColumnType;
  /** Values are checked. */
  constrained: boolean;
  /** As text or already as a tree. */
  default?: string | Node;
}

export interface Sequence {
  /** The column it belongs to, by OWNED BY, serial or identity: as schema.table, and its name. */
  owner?: { table: string; column: string };
  /** Columns whose defaults call it, as schema.table.column. */
  usedBy: string[];
  /** The number that was given out last; undefined where none was, or nobody may know. */
  last?: number;
  /** Whoever read the catalog may not know the last number. */
  unread?: boolean;
  /** Made by the release itself. */
  created?: boolean;
}

/** One of the routines that share a name. Types are without their schemas. */
export interface Signature {
  /** As in pg_proc: f, p, a, w. */
  kind: string;
  inputs: string[];
  /** Of its inputs; empty for one without. */
  names: string[];
  defaults: number;
  /** "setof int4"; undefined where OUT parameters say it. */
  result?: string;
}

export interface Routine {
  signatures: Signature[];
  /** Only triggers can call it. */
  trigger: boolean;
  volatile: boolean;
  /** What calls it and would go with it, as PostgreSQL describes it: triggers, defaults, views and the like. */
  usedBy: string[];
  /** Made by the release itself. */
  created?: boolean;
}

/** What is known of a database: live, or as earlier statements of the release have left it. */
export interface Catalog {
  /** Major version of PostgreSQL. */
  major: number;
  /** Read from a database: what is not in it does not exist. */
  live?: boolean;
  /** TimeZone of the session that read it. */
  timeZone?: string;
  /** Schemas that a name without one is looked up in, first match first. */
  searchPath: string[];
  /** The same as an earlier statement of the file has set it. */
  sessionPath?: string[];
  tables: Map<string, Table>;
  /** No table is a partition or inherits: nobody has to look for those that do. */
  heirless?: boolean;
  /** Domains by schema.name: what they stand on, and whether values are checked. */
  domains: Map<string, Domain>;
  /** Composite types by schema.name: the types of their attributes. */
  composites: Map<string, string[]>;
  sequences: Map<string, Sequence>;
  /** What uses a type of the user's beside columns of tables, in words. */
  typeUsers: Map<string, string[]>;
  /** Functions and procedures by schema.name; several of one name are one, of several signatures. */
  routines: Map<string, Routine>;
  /** Labels of enums by schema.name. */
  enums: Map<string, string[]>;
  /** Types that the release itself has made, by schema.name. */
  newTypes: Set<string>;
  /** An earlier statement of the release did what nobody can see: what is not in the catalog may be there. */
  uncertain?: boolean;
  /** Schemas that there are, where a database was looked at. */
  schemas?: string[];
  /** What else there is, in words, where a database was looked at: "role app", "trigger touched of public.orders". */
  objects?: Set<string>;
  /** Who owns relations, by schema.name, and schemas, as "schema name", as far as that is known. */
  owners: Map<string, string>;
  /** Where a database was looked at: roles, whose rights they have, their own included, and superuser, bypassrls, inherit. */
  roles?: Map<string, { has: string[]; powers: string[] }>;
  /** New tables and views get rights by ALTER DEFAULT PRIVILEGES. */
  defaultRights?: boolean;
  /** Publications, and whether they publish UPDATE or DELETE. */
  publications: Map<string, boolean>;
  /** Roles of the sessions that were at work when the catalog was read; undefined where nobody has looked. */
  working?: string[];
}

/** Nothing known: every table is then of unknown size. */
export const emptyCatalog = (major = 18): Catalog => ({
  major,
  searchPath: ['public'],
  tables: new Map(),
  heirless: true,
  domains: new Map(),
  enums: new Map(),
  newTypes: new Set(),
  composites: new Map(),
  sequences: new Map(),
  typeUsers: new Map(),
  routines: new Map(),
  owners: new Map(),
  publications: new Map(),
});

interface Names {
  has(key: string): boolean;
}
interface Named {
  schemaname?: string;
  relname?: string;
}

/** Key of a name in `among`: as written when it has a schema, else by the search path, else in its first schema. */
export function resolve(catalog: Catalog, { schemaname, relname = '' }: Named, among: Names): string {
  if (schemaname !== undefined) return `${schemaname}.${relname}`;
  const keys = (catalog.sessionPath ?? catalog.searchPath).map((schema) => `${schema}.${relname}`);
  return keys.find((key) => among.has(key)) ?? keys[0] ?? relname;
}

/** Stands where a table's name does for a statement that is about all of them; no name has a blank and no dot. */
export const EVERY_TABLE = 'every table';

/** What roles other than its owner may do with a table: any of them. */
export const rightsOn = ({ grants = {} }: Table): string[] => [...new Set(Object.values(grants).flat())];

/** Tables whose foreign keys point to this one. */
export const childrenOf = (catalog: Catalog, name: string): Table[] =>
  [...catalog.tables.values()].filter(({ constraints }) =>
    constraints.some(({ references }) => references === name),
  );

/** Tables that this one's foreign keys point to, those on `column` only where one is given. */
export const parentsOf = (table: Table | undefined, column?: string): string[] =>
  (table?.constraints ?? [])
    .filter(({ columns }) => column === undefined || columns.includes(column))
    .flatMap(({ references }) => references ?? []);

/** Partitions of a table and tables that inherit from it, theirs included. */
export function partitionsOf(catalog: Catalog, name: string): Table[] {
  if (catalog.heirless) return [];
  const own: Table[] = [];
  for (const table of catalog.tables.values())
    if (table.partitionOf === name || table.inherits?.includes(name)) own.push(table);
  return own.flatMap((table) => [table, ...partitionsOf(catalog, table.name)]);
}

/** A table with its partitions and heirs. */
export const withParts = (catalog: Catalog, name: string): string[] => [
  name,
  ...partitionsOf(catalog, name).map((part) => part.name),
];

/** Name of the type whose arrays are of the given one. */
const elementOf = (type: string) => type.replace(/(^|\.)_/, '$1');

/** Domains that stand on the type, over any number of others. */
export const domainsOver = (catalog: Catalog, type: string): string[] =>
  [...catalog.domains].flatMap(([name, { base }]) =>
    base.name === type ? [name, ...domainsOver(catalog, name)] : [],
  );

/** Tables with a column of the type, of a domain over it, or of arrays of it: a domain, an enum, a composite, or another table's row. */
export function tablesUsing(catalog: Catalog, type: string, arrays = false): Table[] {
  const types = new Set([type, ...domainsOver(catalog, type)]);
  return [...catalog.tables.values()].filter(
    ({ kind, columns }) =>
      (kind === 'table' || kind === 'partitioned') &&
      // types of PostgreSQL's own have no schema in their names
      columns.some(
        ({ type: { name } }) =>
          name.includes('.') && (types.has(name) || (arrays && types.has(elementOf(name)))),
      ),
  );
}

/** Tables whose columns are what a composite type says: CREATE TABLE … OF. */
export const tablesOf = (catalog: Catalog, type: string): string[] =>
  [...catalog.tables.values()].filter((table) => table.of === type).map(({ name }) => name);

/** A copy that can be changed without touching the original. */
export const copyOf = (catalog: Catalog): Catalog => ({
  ...catalog,
  tables: new Map(catalog.tables),
  domains: new Map(catalog.domains),
  enums: new Map(catalog.enums),
  newTypes: new Set(catalog.newTypes),
  composites: new Map(catalog.composites),
  sequences: new Map(catalog.sequences),
  typeUsers: new Map(catalog.typeUsers),
  routines: new Map(catalog.routines),
  owners: new Map(catalog.owners),
  publications: new Map(catalog.publications),
  ...(catalog.objects && { objects: new Set(catalog.objects) }),
});
