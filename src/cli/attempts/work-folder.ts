import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isLookedAt, type Project } from '../../migrations/project';

/** Copies what is the project's own; folders of dependencies are too large, and are linked. */
function copy(from: string, to: string, path: string): void {
  mkdirSync(join(to, path), { recursive: true });
  for (const entry of readdirSync(join(from, path), { withFileTypes: true })) {
    const own = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.name === '.git') continue;
    if (entry.isDirectory() && isLookedAt(`${own}/x`)) copy(from, to, own);
    else if (entry.isFile()) copyFileSync(join(from, own), join(to, own));
    else if (entry.isDirectory() || entry.isSymbolicLink()) symlinkSync(join(from, own), join(to, own));
  }
}

/** Folders `node_modules` of a project and of those above it, nearest first. */
export function modulesAbove(root: string): string[] {
  const above = dirname(root);
  const own = join(root, 'node_modules');
  return [...(existsSync(own) ? [own] : []), ...(above === root ? [] : modulesAbove(above))];
}

/** Removes folders that have become empty: some tools see a migration in each. */
function removeEmpty(root: string, folder: string): void {
  const path = join(root, folder);
  if (folder === '.' || !existsSync(path) || readdirSync(path).length > 0) return;
  rmdirSync(path);
  removeEmpty(root, dirname(folder));
}

/** A copy of a project, in which its tool is run: the user's own files are not touched. */
export interface WorkFolder {
  readonly path: string;
  /** Makes it as the project is, but for these files: null for one that must not be there. */
  show(files: ReadonlyMap<string, string | null>): void;
  remove(): void;
}

export function workFolder(root: string, { has }: Project): WorkFolder {
  const path = mkdtempSync(join(tmpdir(), 'greenlight-try-'));
  copy(root, path, '');
  const [modules] = modulesAbove(root);
  if (modules && !existsSync(join(path, 'node_modules'))) symlinkSync(modules, join(path, 'node_modules'));
  let changed = new Set<string>();
  return {
    path,
    show(files) {
      for (const file of changed)
        if (has(file)) {
          mkdirSync(dirname(join(path, file)), { recursive: true });
          copyFileSync(join(root, file), join(path, file));
        } else rmSync(join(path, file), { force: true });
      for (const [file, text] of files) {
        if (text === null) {
          rmSync(join(path, file), { force: true });
          removeEmpty(path, dirname(file));
        } else {
          mkdirSync(dirname(join(path, file)), { recursive: true });
          writeFileSync(join(path, file), text);
        }
      }
      changed = new Set(files.keys());
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
