import type { Migration } from '../domain/migrations/types';
import { folderOf, nameOf, type Project } from './project';
import type { MigrationTool } from './tool';

/** Before what else stands in a name beside the file of a migration: 003_x.up.sql and 003_x.down.sql. */
const stemOf = (file: string) => nameOf(file).replace(/(\.(up|do))?\.\w+$/, '');

/** Flyway's file that takes back a version. */
const undoOf = (file: string) => nameOf(file).replace(/^V(?=.*__)/, 'U');

/** Files that belong to a migration: its own, those of the same name beside it, and all of a folder that it has for itself. */
function filesOf({ file }: Migration, project: Project, all: readonly Migration[]): string[] {
  const folder = folderOf(file);
  const alone =
    /^(migration|up)\.sql$/.test(nameOf(file)) &&
    all.filter((one) => folderOf(one.file) === folder).length === 1;
  return project.files.filter((other) =>
    alone
      ? other.startsWith(`${folder}/`)
      : folderOf(other) === folder &&
        (nameOf(other).startsWith(`${stemOf(file)}.`) || nameOf(other) === undoOf(file)),
  );
}

/** How a project has to look so that its tool knows of some migrations alone. */
export interface Part {
  /** Files that must not be there. */
  without: string[];
  /** Files that say something else. */
  instead: Readonly<Record<string, string>>;
}

/** @param shown ids of the migrations that the tool is to know */
export function partOf(
  project: Project,
  tool: MigrationTool,
  migrations: readonly Migration[],
  shown: ReadonlySet<string>,
): Part {
  const needed = new Set(
    migrations.filter(({ id }) => shown.has(id)).flatMap((one) => filesOf(one, project, migrations)),
  );
  const without = migrations
    .filter(({ id }) => !shown.has(id))
    .flatMap((one) => filesOf(one, project, migrations))
    .filter((file) => !needed.has(file));
  return { without: [...new Set(without)], instead: tool.indexOf?.(project, shown) ?? {} };
}

/** The project as its tool would see it. */
const seen = (project: Project, { without, instead }: Part): Project => {
  const gone = new Set(without);
  return {
    files: project.files.filter((file) => !gone.has(file)),
    has: (file) => project.has(file) && !gone.has(file),
    read: (file) => instead[file] ?? project.read(file),
    digest: (file) => project.digest(file),
  };
};

/** Whether the tool would then know exactly those: several migrations of one file cannot be told apart. */
export function isApart(
  project: Project,
  tool: MigrationTool,
  part: Part,
  shown: ReadonlySet<string>,
): boolean {
  try {
    const found = tool.list(seen(project, part)).map(({ id }) => id);
    return found.length === shown.size && found.every((id) => shown.has(id));
  } catch {
    // it knows of none
    return shown.size === 0;
  }
}
