import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fresh } from './scratch';

/** A version of the project to measure in: an installed working copy that a measurement may do anything to. */
export interface Build {
  side: 'now' | 'earlier';
  /** Its folder: a repository whose HEAD is exactly what is measured. */
  root: string;
  /** For people: the commit, and whether files differ from it. */
  commit: string;
}

const git = (root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  execFileSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** The full name of a commit that a repository has; undefined when it has none of that name. */
export function commitOf(root: string, revision: string): string | undefined {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  } catch {
    return undefined;
  }
}

/** A commit, on no branch, of a folder's files as they are, with those that are changed or not added yet. */
function filesAsCommit(root: string): { commit: string; changed: boolean } {
  const index = { GIT_INDEX_FILE: join(fresh('index'), 'index') };
  // a copy of the index knows which files are unchanged
  const own = resolve(root, git(root, ['rev-parse', '--git-path', 'index']));
  if (existsSync(own)) cpSync(own, index.GIT_INDEX_FILE);
  git(root, ['add', '--all'], index);
  const tree = git(root, ['write-tree'], index);
  if (tree === git(root, ['rev-parse', 'HEAD^{tree}'])) return { commit: 'HEAD', changed: false };
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  return {
    commit: git(root, [...identity, 'commit-tree', tree, '-p', 'HEAD', '-m', 'as it is']),
    changed: true,
  };
}

/** Clones one commit of a repository into a new folder, whether or not a branch leads to it. */
export function cloneOf(source: string, revision = 'HEAD'): string {
  const root = fresh('clone');
  git(root, ['init', '--quiet']);
  git(root, ['fetch', '--quiet', '--depth', '1', source, git(source, ['rev-parse', revision])]);
  git(root, ['checkout', '--quiet', 'FETCH_HEAD']);
  return root;
}

/** A working copy of the files in `source` as they are, with what is installed there. */
export function workingCopy(side: Build['side'], source: string): Build {
  const { commit, changed } = filesAsCommit(source);
  const root = cloneOf(source, commit);
  symlinkSync(join(source, 'node_modules'), join(root, 'node_modules'));
  const short = git(source, ['rev-parse', '--short', 'HEAD']);
  return { side, root, commit: changed ? `${short} with changes` : short };
}
