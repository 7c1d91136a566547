import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Given, JobEnd } from './github';

/** The program that plays GitHub's runner, made into this folder. */
export function githubRunner(folder: string) {
  const program = join(folder, 'github.js');
  buildSync({
    entryPoints: [join(__dirname, 'github.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
  return {
    /** What GitHub's parser has against a workflow. */
    problems: (file: string): string[] =>
      JSON.parse(spawnSync(process.execPath, [program, file], { encoding: 'utf8' }).stdout),
    run: (file: string, job: string, given: Given) =>
      new Promise<JobEnd>((resolve, reject) => {
        const child = spawn(process.execPath, [program, file, job], { stdio: ['pipe', 'pipe', 'inherit'] });
        let said = '';
        child.stdout.setEncoding('utf8').on('data', (text) => {
          said += text;
        });
        child.on('close', (code) =>
          code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`the runner ended with ${code}`)),
        );
        child.stdin.end(JSON.stringify(given));
      }),
  };
}
