import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Catalog, emptyCatalog } from '../domain/migrations/catalog';
import { parse } from '../domain/migrations/parse';
import { loadParser } from '../domain/migrations/parser';
import type { Release } from '../domain/migrations/planned';
import { apply, deployed } from '../domain/migrations/schema';
import { forgetPath } from '../domain/migrations/search-path';
import { type Divided, divide } from '../domain/migrations/since';
import { type Migration, type ToolName, tools } from '../domain/migrations/types';
import { detectTool, migrationTools } from '../migrations';
import { manifestOf, withContract } from '../migrations/manifest';
import { openProject, type Project as Sources } from '../migrations/project';
import type { MigrationTool } from '../migrations/tool';
import { changedSince, projectAt } from './changed-files';
import { UsageError } from './usage-error';

export interface ReleaseOptions {
  /** A project's folder, or one of its files. */
  path: string;
  tool?: string;
  /** Connection URL: pending migrations are decided by its history table, and their effect by its catalog. */
  database?: string;
  /** The history's table there, or "none"; by default the one that the project's configuration names. */
  historyTable?: string;
  /** "new", or a file with the schema as SQL. */
  tables?: string;
  /** A git ref. */
  since?: string;
  /** Folder of the contract migrations. */
  contract?: string;
}

export interface Project {
  tool: ToolName;
  /** Folder that the files' names are relative to. */
  root: string;
  /** Files of the migrations that are selected, in their order. */
  files: string[];
  /** To be gone through once; a release's catalog holds until the next one is asked for. */
  releases: Iterable<Release>;
}

/** The adapter of a name on the command line. Throws UsageError. */
export function toolNamed(name: string): MigrationTool {
  if (!tools.includes(name as ToolName))
    throw new UsageError(`unknown tool ${JSON.stringify(name)}; it is one of ${tools.join(', ')}`);
  return migrationTools[name as ToolName];
}

function applyAll(catalog: Catalog, sql: string | null): void {
  for (const statement of parse(sql ?? '').statements) apply(catalog, statement);
  forgetPath(catalog);
}

/** What is known without a database: a schema file, or what earlier migrations have made. */
function catalogBefore(earlier: readonly Migration[], tables: string | undefined): Catalog {
  const catalog = emptyCatalog();
  if (tables === undefined || tables === 'new') for (const { up } of earlier) applyAll(catalog, up);
  else applyAll(catalog, readSchema(tables));
  return deployed(catalog);
}

function readSchema(file: string): string {
  const sql = readFileSync(file, 'utf8');
  const { error } = parse(sql);
  if (!error) return sql;
  throw new Error(
    `${file}:${error.line}:${error.column}: ${error.message}; --tables takes "new" or a schema as SQL`,
  );
}

/**
 * Every migration that is selected as a release of its own, after all those before it. There is one catalog, which is
 * carried on when the next release is asked for: as many as there are migrations would fill the memory.
 */
function* oneByOne(
  migrations: readonly Migration[],
  isSelected: (migration: Migration) => boolean,
  catalog: Catalog,
): Generator<Release> {
  for (const migration of migrations.slice(0, migrations.findLastIndex(isSelected) + 1)) {
    if (isSelected(migration)) yield { migrations: [migration], catalog };
    applyAll(catalog, migration.up);
    deployed(catalog);
  }
}

/** Migrations of a folder as it was, by id; none where the tool could not have applied them then. */
function listedAt(
  folder: string,
  since: string,
  changed: ReadonlySet<string>,
  tool: MigrationTool,
): Migration[] {
  try {
    return manifestOf(projectAt(folder, since, changed), tool).migrations;
  } catch {
    return [];
  }
}

/** What stood of the migrations where the work behind a ref began, and what it brings. Of a contract part the same. */
function dividedBy(
  since: string,
  {
    root,
    contract,
    tool,
    migrations,
  }: { root: string; contract?: string; tool: MigrationTool; migrations: Migration[] },
): { stood: Migration[]; fresh: Migration[] } {
  const folders = contract === undefined ? [root] : [root, contract];
  const changed = new Set<string>();
  const before = new Map<string, Migration>();
  for (const folder of folders) {
    const own = changedSince(folder, since);
    for (const file of own) changed.add(relative(root, join(folder, file)).replaceAll('\\', '/'));
    for (const migration of listedAt(folder, since, own, tool)) before.set(migration.id, migration);
  }
  const parts = migrations.map(
    (migration): Divided =>
      changed.has(migration.file) ? divide(migration, before.get(migration.id)) : { stood: migration },
  );
  return {
    stood: parts.flatMap(({ stood }) => stood ?? []),
    fresh: parts.flatMap(({ fresh }) => fresh ?? []),
  };
}

/** What is to be tried: a project's migrations as its tool has them, with those that stood before a release first. */
export interface ReleaseToTry {
  root: string;
  tool: MigrationTool;
  /** The history's table where the project's configuration names one. */
  historyTable?: string;
  /** In the order in which the tool applies them from nothing. */
  migrations: Migration[];
  beside: Migration[];
  project: Sources;
  /** Of a release since a ref: the ids that it brings, the files that have changed, and the project before. Else each is one. */
  since?: { fresh: ReadonlySet<string>; changed: ReadonlySet<string>; before: Sources };
}

/** The folder of a path, and the project and tool of it. */
async function opened(options: Pick<ReleaseOptions, 'path' | 'tool'>) {
  const path = resolve(options.path);
  const only = statSync(path, { throwIfNoEntry: false })?.isFile() ? basename(path) : undefined;
  const root = only === undefined ? path : dirname(path);
  const project = openProject(root);
  const tool = options.tool === undefined ? detectTool(project) : toolNamed(options.tool);
  await tool.load?.();
  return { root, only, project, tool };
}

/** The migrations of a project as they are run, passwords included. Throws for a project that its tool could not apply either. */
export async function readToTry({
  since,
  ...options
}: Pick<ReleaseOptions, 'path' | 'tool' | 'since'>): Promise<ReleaseToTry> {
  const { root, only, project, tool } = await opened(options);
  if (only !== undefined)
    throw new UsageError(
      `${options.path} is a file; name the folder of the project, of which all files are run`,
    );
  // finds what its tool could not tell apart either
  manifestOf(project, tool);
  const migrations = tool.list(project);
  await loadParser();
  return {
    root,
    tool,
    project,
    historyTable: tool.historyTable?.(project),
    migrations,
    beside: tool.beside?.(project) ?? [],
    since: since === undefined ? undefined : releaseSince(since, root, tool, migrations),
  };
}

function releaseSince(
  since: string,
  root: string,
  tool: MigrationTool,
  migrations: Migration[],
): ReleaseToTry['since'] {
  const changed = changedSince(root, since);
  const { fresh } = dividedBy(since, { root, tool, migrations });
  return { changed, fresh: new Set(fresh.map(({ id }) => id)), before: projectAt(root, since, changed) };
}

/**
 * The migrations that are selected: with a database those that are pending, with a ref what has come since,
 * else each one as if it were deployed by itself. Throws for a project that its tool could not apply either.
 */
export async function readProject(options: ReleaseOptions): Promise<Project> {
  const { database, tables, since } = options;
  if (database !== undefined && tables !== undefined)
    throw new UsageError('--database and --tables exclude each other; the database knows its tables');
  const { root, only, project, tool } = await opened(options);
  const expand = manifestOf(project, tool);
  const contract = options.contract === undefined ? undefined : resolve(options.contract);
  const manifest = contract === undefined ? expand : withContract(expand, root, contract, tool);
  const beside = tool.beside?.(project) ?? [];
  await loadParser();
  const isSelected = ({ file }: Migration) => only === undefined || file === only;
  const among = (
    migrations: Migration[],
    releasesOf: (selected: Migration[]) => Iterable<Release>,
  ): Project => {
    const selected = migrations.filter(isSelected);
    return { tool: tool.name, root, files: selected.map(({ file }) => file), releases: releasesOf(selected) };
  };
  const all = [...manifest.migrations, ...beside];
  if (database !== undefined) {
    const { pendingIn } = await import('./pending.ts');
    const { migrations, catalog } = await pendingIn(
      database,
      manifest,
      tool,
      options.historyTable ?? tool.historyTable?.(project),
    );
    const run = migrations.length > 0 ? [...migrations, ...beside] : [];
    return among(run, (selected) => [{ migrations: selected, catalog }]);
  }
  if (since === undefined) return among(all, () => oneByOne(all, isSelected, catalogBefore([], tables)));
  const { stood, fresh } = dividedBy(since, { root, contract, tool, migrations: all });
  return among(fresh, (selected) => [{ migrations: selected, catalog: catalogBefore(stood, tables) }]);
}

/** A file of the project as seen from where the command was started, with forward slashes. */
export const shownPath = (root: string, file: string): string =>
  relative(process.cwd(), join(root, file)).replaceAll('\\', '/');
