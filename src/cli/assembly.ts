import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the assembly is made from. */
const SOURCES = ['bin', 'lib', 'lambdas', 'src', 'statemachines', 'cdk.json', 'package-lock.json'];

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newest(path: string): number {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return modified(path);
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** True when there is no assembly, or one that is older than a source file. */
export function isStale(root: string): boolean {
  const made = modified(join(root, 'cdk.out', 'manifest.json'));
  return made === 0 || SOURCES.some((source) => newest(join(root, source)) > made);
}

/** Synthesises the app into cdk.out without the CDK's command line, which takes longer. Throws when that fails. */
export function synthesise(root: string): void {
  const { status, error } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: 'cdk.out' },
    // standard output belongs to --json
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  if (status !== 0) throw new Error('the app could not be synthesised; mend what is reported above');
}
