import { join, posix, relative, sep } from 'node:path';
import type { Manifest, ToolName } from '../domain/migrations/types';
import { withoutPasswords } from '../domain/privacy/passwords';
import { printable } from '../domain/text/printable';
import { openProject, type Project, sha256 } from './project';
import type { MigrationTool } from './tool';

/** Two folders with the same migrations are two histories; in one folder the tool could not tell them apart either. */
const apart = (one: string, other: string) =>
  posix.dirname(one) === posix.dirname(other)
    ? 'rename one of them'
    : `name the folder of one history, ${posix.dirname(one)} or ${posix.dirname(other)}`;

/** What a release brings. Throws for two migrations of the same id. */
export function manifestOf(project: Project, tool: MigrationTool): Manifest {
  const migrations = tool.list(project).map((migration) => ({
    ...migration,
    up: migration.up && withoutPasswords(migration.up),
    down: migration.down && withoutPasswords(migration.down),
  }));
  const seen = new Map<string, string>();
  for (const { id, file } of migrations) {
    const other = seen.get(id);
    if (other !== undefined)
      throw new Error(`${other} and ${file} are both migration ${id}; ${apart(other, file)}`);
    seen.set(id, file);
  }
  return { version: 1, tool: tool.name, migrations };
}

/** The manifest of migrations that are spread over several folders, in the order in which the tool is given them. */
export function manifestOfFolders(root: string, folders: readonly string[], tool: MigrationTool): Manifest {
  const migrations = folders.flatMap((folder) =>
    manifestOf(openProject(join(root, folder)), tool).migrations.map((migration) => ({
      ...migration,
      file: posix.join(folder, migration.file),
    })),
  );
  return { version: 1, tool: tool.name, migrations };
}

/** Their history says only which migration is the newest, so nobody could tell that an earlier one is left out. */
const IN_ONE_LINE: readonly ToolName[] = ['golang-migrate'];

/**
 * The manifest with the migrations of another folder as its contract migrations, which the tool runs by a command of
 * its own once the previous version is gone. Throws for an id that both have.
 */
export function withContract(
  manifest: Manifest,
  root: string,
  folder: string,
  tool: MigrationTool,
): Manifest {
  if (IN_ONE_LINE.includes(tool.name))
    throw new Error(
      `${tool.name} records only its newest migration, so contract migrations cannot be left for later; put them into the next release`,
    );
  const place = relative(root, folder).split(sep).join('/');
  const known = new Map(manifest.migrations.map(({ id, file }) => [id, file]));
  const contract = manifestOf(openProject(folder), tool).migrations.map((migration) => {
    const file = posix.join(place, migration.file);
    if (known.has(migration.id))
      throw new Error(
        `${known.get(migration.id)} and ${file} are both migration ${migration.id}; rename one of them`,
      );
    return { ...migration, file, phase: 'contract' as const };
  });
  return { ...manifest, migrations: [...manifest.migrations, ...contract] };
}

const sorted = (_: string, value: unknown) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The same text for the same migrations, on every machine, and its digest, `sha256:…`. */
export function serialise(manifest: Manifest): { text: string; digest: string } {
  // by the escapes of JSON, so that it can be printed as it is and still has its digest
  const text = `${printable(JSON.stringify(manifest, sorted, 2), '\n')}\n`;
  return { text, digest: `sha256:${sha256(text)}` };
}
