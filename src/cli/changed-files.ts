import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOrder, isLookedAt, type Project, sha256 } from '../migrations/project';

/** Histories with binary files beside the migrations are larger than what Node takes by default. */
const MOST_BYTES = 1 << 30;

function git(folder: string, ...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: folder, maxBuffer: MOST_BYTES });
  if (error) throw new Error(`git cannot be run: ${error.message}; install it, or leave --since out`);
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${String(stderr).trim()}`);
  return stdout;
}

const paths = (output: Buffer) =>
  String(output)
    .split('\0')
    .filter((path) => path !== '');

/**
 * Where the work behind `ref` began: the commit at which the two lines parted.
 * Throws when there is no such ref or no repository.
 */
function baseOf(folder: string, ref: string): string {
  const wanted = `${ref}^{commit}`;
  const commit = String(git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', wanted)).trim();
  return String(git(folder, 'merge-base', commit, 'HEAD')).trim();
}

/**
 * Files below `folder`, relative to it, that the work behind `ref` has added or changed: commits since the two lines
 * parted, and what is not committed yet. Throws when there is no such ref or no repository.
 */
export function changedSince(folder: string, ref: string): Set<string> {
  const base = baseOf(folder, ref);
  const changed = git(folder, 'diff', '--name-only', '--relative', '--diff-filter=d', '-z', base, '--', '.');
  const untracked = git(folder, 'ls-files', '--others', '--exclude-standard', '-z');
  return new Set([...paths(changed), ...paths(untracked)]);
}

/** The folder as it was where the work behind `ref` began; `changed` are the files that have changed since. */
export function projectAt(folder: string, ref: string, changed: ReadonlySet<string>): Project {
  const base = baseOf(folder, ref);
  const files = paths(git(folder, 'ls-tree', '-r', '--name-only', '-z', base))
    .filter(isLookedAt)
    .sort(inOrder);
  const known = new Set(files);
  // a process for each file would take too long
  const bytes = (file: string) =>
    changed.has(file) ? git(folder, 'show', `${base}:./${file}`) : readFileSync(join(folder, file));
  return {
    files,
    has: (file) => known.has(file),
    read: (file) => String(bytes(file)).replace(/^\uFEFF/, ''),
    digest: (file) => sha256(bytes(file)),
  };
}
