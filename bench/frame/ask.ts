import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Build } from './build';
import { run } from './program';

const PROJECT = join(__dirname, '..', '..');

/**
 * Runs a program of bench/ against a build, of whose sources it imports what it measures: it is copied to where it stands here,
 * and compiled there. It prints its figures as JSON.
 */
export async function ask<Figures>(build: Build, program: string): Promise<Figures> {
  cpSync(join(PROJECT, 'bench'), join(build.root, 'bench'), { recursive: true });
  const outdir = join(build.root, 'build', 'asked', basename(program, '.ts'));
  const compile = [join(PROJECT, 'bin', 'compile-program.mjs'), build.root, join('bench', program), outdir];
  await run(process.execPath, compile, { cwd: build.root });
  const { stdout } = await run(process.execPath, ['--no-warnings', join(outdir, 'index.js')], {
    cwd: build.root,
  });
  return JSON.parse(stdout) as Figures;
}
