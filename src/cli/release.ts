import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Client } from 'pg';
import { type Catalog, copyOf, emptyCatalog } from '../domain/migrations/catalog';
import { parse } from '../domain/migrations/parse';
import { loadParser } from '../domain/migrations/parser';
import { pendingOf } from '../domain/migrations/pending';
import { apply } from '../domain/migrations/schema';
import { type Manifest, type Migration, type ToolName, tools } from '../domain/migrations/types';
import { detectTool, migrationTools } from '../migrations';
import { manifestOf, withContract } from '../migrations/manifest';
import { openProject } from '../migrations/project';
import type { MigrationTool } from '../migrations/tool';
import { readCatalog } from '../postgres/catalog';
import { changedSince } from './changed-files';
import { UsageError } from './verb';

export interface ReleaseOptions {
  /** A project's folder, or one of its files. */
  path: string;
  tool?: string;
  /** Connection URL: pending migrations are decided by its history table, and their effect by its catalog. */
  database?: string;
  /** "new", or a file with the schema as SQL. */
  tables?: string;
  /** A git ref. */
  since?: string;
  /** Folder of the contract migrations. */
  contract?: string;
}

/** Migrations that run together, and the database that they meet; undefined where nothing is known of it. */
export interface Release {
  migrations: Migration[];
  catalog: Catalog;
}

export interface Project {
  tool: ToolName;
  /** Folder that the files' names are relative to. */
  root: string;
  releases: Release[];
}

/** The adapter of a name on the command line. Throws UsageError. */
export function toolNamed(name: string): MigrationTool {
  if (!tools.includes(name as ToolName))
    throw new UsageError(`unknown tool ${JSON.stringify(name)}; it is one of ${tools.join(', ')}`);
  return migrationTools[name as ToolName];
}

function applyAll(catalog: Catalog, sql: string | null): void {
  for (const statement of parse(sql ?? '').statements) apply(catalog, statement);
}

/** Makes the tables of a release those of an earlier one: nobody knows how many rows they have by now. */
function deploy(catalog: Catalog): Catalog {
  for (const [name, table] of catalog.tables) {
    const { created: _, rows: __, bytes: ___, columns, ...rest } = table;
    const deployed = columns.map(({ created: ____, nullShare: _____, ...column }) => column);
    catalog.tables.set(name, { ...rest, columns: deployed });
  }
  return catalog;
}

/** What is known without a database: a schema file, or what earlier migrations have made. */
function catalogBefore(earlier: readonly Migration[], tables: string | undefined): Catalog {
  const catalog = emptyCatalog();
  if (tables === undefined || tables === 'new') for (const { up } of earlier) applyAll(catalog, up);
  else applyAll(catalog, readSchema(tables));
  return deploy(catalog);
}

function readSchema(file: string): string {
  const sql = readFileSync(file, 'utf8');
  const { error } = parse(sql);
  if (!error) return sql;
  throw new Error(
    `${file}:${error.line}:${error.column}: ${error.message}; --tables takes "new" or a schema as SQL`,
  );
}

/** Every migration as a release of its own, after all those before it. */
function oneByOne(migrations: readonly Migration[], tables: string | undefined): Release[] {
  let catalog = catalogBefore([], tables);
  return migrations.map((migration) => {
    const before = catalog;
    const after = copyOf(before);
    applyAll(after, migration.up);
    catalog = deploy(after);
    return { migrations: [migration], catalog: before };
  });
}

async function pendingIn(url: string, manifest: Manifest, tool: MigrationTool): Promise<Release> {
  const client = new Client({ connectionString: url, application_name: 'greenlight' });
  await client.connect();
  try {
    const catalog = await readCatalog(client);
    await client.query('BEGIN READ ONLY');
    const history = await tool.history(client);
    await client.query('ROLLBACK');
    const { pending, problems } = pendingOf(manifest, history, tool);
    const [first] = problems;
    if (first) throw new Error(`${first.message}; ${first.remedy}`);
    return { migrations: pending, catalog };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Changed files of the project and of its contract part, both as the manifest names them. */
function changedFiles(root: string, since: string, contract: string | undefined): Set<string> {
  const changed = changedSince(root, since);
  if (contract === undefined) return changed;
  for (const file of changedSince(contract, since))
    changed.add(relative(root, join(contract, file)).replaceAll('\\', '/'));
  return changed;
}

/**
 * The migrations that are asked about: with a database those that are pending, with a ref those that have changed,
 * else each one as if it were deployed by itself. Throws for a project that its tool could not apply either.
 */
export async function readProject(options: ReleaseOptions): Promise<Project> {
  const { database, tables, since } = options;
  if (database !== undefined && tables !== undefined)
    throw new UsageError('--database and --tables exclude each other; the database knows its tables');
  const path = resolve(options.path);
  const only = statSync(path, { throwIfNoEntry: false })?.isFile() ? basename(path) : undefined;
  const root = only === undefined ? path : dirname(path);
  const project = openProject(root);
  const tool = options.tool === undefined ? detectTool(project) : toolNamed(options.tool);
  const expand = manifestOf(project, tool);
  const contract = options.contract === undefined ? undefined : resolve(options.contract);
  const manifest = contract === undefined ? expand : withContract(expand, root, contract, tool);
  await loadParser();
  const asked = (release: Release) =>
    only === undefined
      ? release
      : { ...release, migrations: release.migrations.filter(({ file }) => file === only) };
  const all = manifest.migrations;
  if (database !== undefined)
    return { tool: tool.name, root, releases: [asked(await pendingIn(database, manifest, tool))] };
  if (since === undefined) return { tool: tool.name, root, releases: oneByOne(all, tables).map(asked) };
  const changed = changedFiles(root, since, contract);
  const [old, fresh] = [
    all.filter(({ file }) => !changed.has(file)),
    all.filter(({ file }) => changed.has(file)),
  ];
  return {
    tool: tool.name,
    root,
    releases: [asked({ migrations: fresh, catalog: catalogBefore(old, tables) })],
  };
}

/** A file of the project as seen from where the command was started, with forward slashes. */
export const shownPath = (root: string, file: string): string =>
  relative(process.cwd(), join(root, file)).replaceAll('\\', '/');
