import { spawnSync } from 'node:child_process';

function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  if (error) throw new Error(`git cannot be run: ${error.message}; install it, or leave --since out`);
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

const paths = (output: string) => output.split('\0').filter((path) => path !== '');

/**
 * Files below `folder`, relative to it, that the work behind `ref` has added or changed: commits since the two lines
 * parted, and what is not committed yet. Throws when there is no such ref or no repository.
 */
export function changedSince(folder: string, ref: string): Set<string> {
  const commit = git(
    folder,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ).trim();
  const base = git(folder, 'merge-base', commit, 'HEAD').trim();
  const changed = git(folder, 'diff', '--name-only', '--relative', '--diff-filter=d', '-z', base, '--', '.');
  const untracked = git(folder, 'ls-files', '--others', '--exclude-standard', '-z');
  return new Set([...paths(changed), ...paths(untracked)]);
}
