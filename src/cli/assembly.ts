import { spawnSync } from 'node:child_process';

/** Synthesises the app into cdk.out unless it is there already, without the CDK's command line, which takes longer. Throws when that fails. */
export function synthesise(root: string): void {
  const { status, error } = spawnSync(process.execPath, ['bin/synth.js'], {
    cwd: root,
    // standard output belongs to --json
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  if (status !== 0) throw new Error('the app could not be synthesised; mend what is reported above');
}
