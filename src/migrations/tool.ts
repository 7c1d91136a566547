import type { ClientBase } from 'pg';
import type { ToolRules } from '../domain/migrations/pending';
import type { History, Migration, ToolName } from '../domain/migrations/types';
import type { Project } from './project';

/** A session on the application's database. History is read in one transaction of the caller's. */
export type Session = Pick<ClientBase, 'query'>;

/** Command lines to run one after the other, or why the tool cannot revert. */
export type Revert = { commands: string[][] } | { cannot: string };

/** What a tool leaves in the database, and what a deployment has to know of that. It reads no project. */
export interface ToolRecords extends ToolRules {
  name: ToolName;
  /** Its own tables and their sequences, which are no part of the application's schema; its history is the first. */
  tables: readonly string[];
  /** What the history table says, by its usual name unless another one is given; empty where there is none yet. */
  history(session: Session, table?: string): Promise<History>;
}

/** One migration tool: its files, what it leaves in the database, and its own commands. */
export interface MigrationTool extends ToolRecords {
  /** The file by which a project is known to use this tool; undefined when it does not. */
  detect(project: Project): string | undefined;
  /** Loads what it reads its files with, unless that is loaded; before `list`. */
  load?(): Promise<void>;
  /** The migrations in the order in which the tool applies them. Throws for a project it could not apply either. */
  list(project: Project): Migration[];
  /** Files that name the migrations, by path, as they would be with some of them alone; absent where there is no such file. */
  indexOf?(project: Project, ids: ReadonlySet<string>): Record<string, string>;
  /** Scripts that it runs beside every run and records nowhere. */
  beside?(project: Project): Migration[];
  /** The name of its history table where the project's configuration says one: "table", or "schema.table". */
  historyTable?(project: Project): string | undefined;
  /** Applies everything that is pending. Plain SQL has no tool that knows, hence the argument. */
  apply(pending: readonly Migration[]): string[];
  /** Takes back the given migrations, newest first, so that `keep` is the newest left; null for none. */
  revert(newestFirst: readonly Migration[], keep: string | null): Revert;
}

/** A tool of its two halves. Functions know records alone: a bundler leaves out a call whose result nobody uses. */
export const toolOf = (
  records: ToolRecords,
  rest: Omit<MigrationTool, keyof ToolRecords>,
): MigrationTool => ({
  ...records,
  ...rest,
});
