import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A folder with a project's sources. Paths are relative to it, with forward slashes. */
export interface Project {
  /** Sorted. Folders of dependencies and hidden folders are left out. */
  readonly files: readonly string[];
  /** Whether there is such a file; at once, however many there are. */
  has(file: string): boolean;
  /** Text in UTF-8, without a byte order mark. Throws when there is no such file. */
  read(file: string): string;
  /** SHA-256 of the file's bytes, hex. */
  digest(file: string): string;
}

/** Folders that hold copies of other people's migrations, or none at all. */
const SKIPPED = new Set([
  'node_modules',
  'bin',
  'obj',
  'target',
  'dist',
  'build',
  'venv',
  '__pycache__',
  'cdk.out',
]);

const isSkipped = (folder: string) => folder.startsWith('.') || SKIPPED.has(folder);

/** Whether a path, relative to the project, is among the files that are looked at. */
export const isLookedAt = (path: string) => !path.split('/').slice(0, -1).some(isSkipped);

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (!entry.isDirectory()) return entry.isFile() ? [path] : [];
    return isSkipped(entry.name) ? [] : walk(root, path);
  });
}

/** Plain code point order: the same on every machine. */
export const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

export function openProject(root: string): Project {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`there is no folder ${root}; name the folder of the project`);
  const files = walk(root, '').sort(inOrder);
  const known = new Set(files);
  return {
    files,
    has: (file) => known.has(file),
    read: (file) => readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, ''),
    digest: (file) => sha256(readFileSync(join(root, file))),
  };
}

/** The files directly in a folder, or in the project itself for ".". */
export const filesIn = ({ files }: Project, folder: string) =>
  files.filter((file) => posix.dirname(file) === folder);

export const nameOf = (file: string) => posix.basename(file);
export const folderOf = (file: string) => posix.dirname(file);

/** The one folder of the given files. Throws when there are several, because their order is not known then. */
export function onlyFolder(files: readonly string[], what: string): string {
  const folders = [...new Set(files.map(folderOf))];
  if (folders.length === 0) throw new Error(`no ${what} found; name the folder of the project`);
  if (folders.length > 1)
    throw new Error(`${what} lie in ${folders.join(', ')}; name the folder of one project`);
  return folders[0]!;
}
