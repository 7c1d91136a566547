import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cloneOf, commitOf } from './build';
import { run } from './program';

/** The last build before anything was made faster on purpose. */
export const EARLIER = 'a542d56';

export interface EarlierOptions {
  /** Any name of a commit. */
  revision: string;
  /** A folder where it is installed already. */
  at?: string;
}

/** The folder of an installed earlier build: the one that is given, or a clone of `project` made for it. */
export async function earlierBuild(project: string, { revision, at }: EarlierOptions): Promise<string> {
  if (at !== undefined) {
    if (existsSync(join(at, 'node_modules'))) return at;
    throw new Error(`${at} holds no installed build; run npm ci there, or leave --earlier-at out`);
  }
  const commit = commitOf(project, revision);
  if (commit === undefined)
    throw new Error(
      `this clone has no commit ${revision}; git fetch --unshallow brings it, --earlier names another`,
    );
  const root = cloneOf(project, commit);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
  return root;
}
