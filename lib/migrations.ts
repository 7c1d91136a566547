/**
 * What CI tools ask of a project's migrations, without a deployment: the package's module `greenlight/migrations`. The command
 * line's `check` and `plan` print the same.
 */
import { resolve } from 'node:path';
import { analyse as analyseFiles } from '../src/domain/migrations/analyse';
import { type Catalog, emptyCatalog } from '../src/domain/migrations/catalog';
import { parse } from '../src/domain/migrations/parse';
import { loadParser } from '../src/domain/migrations/parser';
import { type Planned, plansOf } from '../src/domain/migrations/planned';
import { apply, deployed } from '../src/domain/migrations/schema';
import type { AnalyseOptions, Finding, Manifest, Migration, ToolName } from '../src/domain/migrations/types';
import { detectTool, migrationTools } from '../src/migrations';
import { manifestOf, withContract } from '../src/migrations/manifest';
import { openProject } from '../src/migrations/project';

export type { Planned } from '../src/domain/migrations/planned';
export type { Stage, StagedPlan } from '../src/domain/migrations/staged';
export type {
  AnalyseOptions,
  Finding,
  LockMode,
  LockTaken,
  Manifest,
  Migration,
  MigrationClass,
  ToolName,
} from '../src/domain/migrations/types';

/**
 * The migration tool of a project, known by its files.
 * @param folder of the project
 * @throws Error when there is none or more than one; it names the files
 */
export const detect = (folder: string): ToolName => detectTool(openProject(resolve(folder))).name;

/**
 * A project's migrations in the order in which its tool applies them: what `greenlight bundle` writes.
 * @param folder of the project
 * @throws Error for a project that its tool could not apply either; it names the file
 */
export async function read(
  folder: string,
  {
    tool,
    contract,
  }: {
    /** @default the one that `detect` finds */
    tool?: ToolName;
    /** Folder of what runs only once the previous version is gone. @default none */
    contract?: string;
  } = {},
): Promise<Manifest> {
  const root = resolve(folder);
  const project = openProject(root);
  const used = tool === undefined ? detectTool(project) : migrationTools[tool];
  await used.load?.();
  const manifest = manifestOf(project, used);
  return contract === undefined ? manifest : withContract(manifest, root, resolve(contract), used);
}

/** What is known of the database, and what counts as big in it. */
export interface ReleaseOptions extends AnalyseOptions {
  /** The schema that the release meets, as SQL such as `pg_dump --schema-only` writes. @default nothing is known of it */
  schema?: string;
}

async function catalogOf(schema: string | undefined): Promise<Catalog> {
  await loadParser();
  const catalog = emptyCatalog();
  if (schema === undefined) return catalog;
  const { statements, error } = parse(schema);
  if (error)
    throw new Error(`schema:${error.line}:${error.column}: ${error.message}; it has to be the schema as SQL`);
  for (const statement of statements) apply(catalog, statement);
  return deployed(catalog);
}

/**
 * What each statement of a release does to a production that runs: its class, locks, rewrites, whether it breaks the live
 * version, and what to do instead. What cannot be read is a finding of class `opaque`.
 * @param migrations that are deployed together, such as those of `read` that are new
 * @throws Error for a `schema` that is no SQL; never for what is in the migrations
 */
export async function analyse(
  migrations: readonly Migration[],
  { schema, ...options }: ReleaseOptions = {},
): Promise<Finding[]> {
  return analyseFiles([...migrations], await catalogOf(schema), options);
}

/**
 * For each statement that would stop a deployment the releases that make its change without stopping anybody.
 * @param migrations as for `analyse`
 * @throws Error for a `schema` that is no SQL
 */
export async function plan(
  migrations: readonly Migration[],
  { schema, ...options }: ReleaseOptions = {},
): Promise<Planned[]> {
  return plansOf({ migrations: [...migrations], catalog: await catalogOf(schema) }, options);
}
