/**
 * The words in which migrations are spoken of, from the files of a project to the plan of a deployment.
 */

export const tools = [
  'alembic',
  'dbmate',
  'diesel',
  'drizzle',
  'efcore',
  'flyway',
  'golang-migrate',
  'graphile-migrate',
  'knex',
  'kysely',
  'liquibase',
  'mikro-orm',
  'node-pg-migrate',
  'plain',
  'prisma',
  'sequelize',
  'typeorm',
] as const;
/** A migration tool that is known. */
export type ToolName = (typeof tools)[number];

/** Where a tool records what it has applied. */
export interface HistoryPlace {
  tool: ToolName;
  /** "table", or "schema.table"; absent for the tool's usual one. */
  historyTable?: string;
}

/** One migration of a project. */
export interface Migration {
  /** As the tool's history table names it. */
  id: string;
  /** Relative to the project, with forward slashes. */
  file: string;
  /** The SQL, or null when it cannot be had without running the tool. */
  up: string | null;
  /** The SQL that takes it back; null when there is none, or it cannot be had. */
  down: string | null;
  /** Why there is no SQL to look at, or what there is beside it that is none; absent when all is SQL. */
  opaque?: string;
  /** The line of `file` that `opaque` is about, 1-based; absent for the first of the migration. */
  opaqueLine?: number;
  /** The tool's own checksum where it stores one, else SHA-256 of the file, hex. */
  checksum: string;
  /** Runs inside one transaction of its own or of the whole run. */
  transactional: boolean;
  /** First line of `up` in `file`, 1-based: what line numbers of findings are relative to. */
  firstLine: number;
  /** Ids of the migrations that this one follows, where the tool keeps a graph and not a line. */
  parents?: string[];
  /** Applied again whenever its file changes: an edit is no drift. */
  repeatable?: boolean;
  /** Runs only once the previous version is gone: it takes away what that version needs. */
  phase?: 'contract';
}

/** A release's migrations, in the order in which the tool applies them. Written by `greenlight bundle`. */
export interface Manifest {
  /** Of the format. */
  version: 1;
  /** Which applies them. */
  tool: ToolName;
  /** In the order in which it applies them. */
  migrations: Migration[];
}

/** One row of a tool's history table. */
export interface Applied {
  id: string;
  checksum?: string;
  /** Began and never ended, or failed: the tool will not go on by itself. */
  unfinished?: boolean;
}

/** What a tool's history table says. */
export interface History {
  /** In the order in which they were applied, where the tool records it; else in the tool's order. */
  applied: Applied[];
  /**
   * Everything before these, by the tool's graph or order, counts as applied although no row says so: the newest
   * migration of tools that record no other, and a baseline.
   */
  upTo?: string[];
  /** Who or what holds the tool's lock; absent when nobody does. */
  locked?: string;
}

/** What a statement does to a production that runs. */
export const classes = ['none', 'expand', 'expand-slow', 'contract', 'irreversible', 'opaque'] as const;
/** One of `classes`, from harmless to what nobody can look into. */
export type MigrationClass = (typeof classes)[number];

/** PostgreSQL's table-level lock modes, weakest first. Source: PostgreSQL documentation, "Explicit Locking". */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
/** One of PostgreSQL's table-level lock modes. */
export type LockMode = (typeof lockModes)[number];

/** A lock that a statement takes. */
export interface LockTaken {
  /** schema.table where it is known, else the name as written. */
  relation: string;
  /** The strongest. */
  mode: LockMode;
}

/** What a second run of a statement that writes rows would do, where nothing but the first has been at them since. */
export interface RunAgain {
  /** Id of the rule that decided. */
  rule: string;
  /** `same` changes nothing, `refused` ends in an error, `differs` changes rows once more. */
  again: 'same' | 'refused' | 'differs' | 'unknown';
  /** In a sentence, with what makes it repeatable. */
  message: string;
}

/** What the down script of a migration does about the rows that one of its statements has written. */
export interface RowsTaken {
  /** Id of the rule that decided. */
  rule: string;
  /** Does it take away what users may have written? */
  takesMore: boolean;
  /** In a sentence. */
  message: string;
}

/** What is said about one statement. */
export interface Finding {
  /** Id of the migration. */
  migration: string;
  /** Its file, relative to the project. */
  file: string;
  /** 1-based position in the file. */
  line: number;
  /** 1-based position in the line. */
  column: number;
  /** The statement's text, cut at 500 characters. */
  statement: string;
  /** What it does to a production that runs. */
  class: MigrationClass;
  /** On each relation the strongest. */
  locks: LockTaken[];
  /** Do its locks make reads wait? */
  blocksReads: boolean;
  /** Do its locks make writes wait? */
  blocksWrites: boolean;
  /** Is a table or an index written anew? */
  rewrite: boolean;
  /** Is a table read whole? */
  scan: boolean;
  /** Does the live version fail by it? `conditional`: by what it does, which nobody can see here. */
  breaksLiveVersion: 'no' | 'yes' | 'conditional';
  /** Can it be taken back without losing anything? */
  reversible: boolean;
  /** Would stop a deployment. */
  stops: boolean;
  /** Would stop one that has no previous version any more: refused by PostgreSQL, or long on a big table. */
  harmsEveryVersion: boolean;
  /** Does PostgreSQL refuse it where it stands? */
  refused: boolean;
  /** Id of the rule that decided. */
  rule: string;
  /** What it does to production, in a sentence. */
  message: string;
  /** What to do instead, with the user's own names; empty when nothing is to be done. */
  remedy: string;
  /** Of a statement that writes rows alone: whether it can run again. */
  again?: RunAgain;
  /** Of a statement that writes rows alone, where the down script is known: what that takes away. */
  taken?: RowsTaken[];
}

/** One file of a release, as the analyser wants it: a manifest's migrations can be handed over as they are. */
export type ReleaseFile = Pick<
  Migration,
  'id' | 'file' | 'up' | 'opaque' | 'opaqueLine' | 'transactional' | 'firstLine' | 'phase'
> &
  Partial<Pick<Migration, 'down'>>;

/** From which size on a table is big: reading it whole takes long enough to be noticed. */
export interface AnalyseOptions {
  /** Rows. @default 100,000 */
  bigRows?: number;
  /** Bytes. @default 100,000,000 */
  bigBytes?: number;
  /** Tables that are neither in the catalog nor created by the release are new, hence empty. @default false */
  unknownTablesAreNew?: boolean;
  /** The tool that runs the files, which may run all of them in one transaction. @default each file has one of its own */
  tool?: ToolName;
  /** TimeZone of the sessions in which the tool runs. @default the catalog's, which is that of who read it */
  timeZone?: string;
}
