import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectWith } from './project';

const ROOT = join(__dirname, '..', '..');
const PROGRAMS = ['greenlight.js', 'compiled.js', 'built.js', 'compile-command-line.js'];

/** The source of a command line that says a text and its arguments. */
export const says = (text: string) =>
  `export const main = async (args: string[]) => { console.log('${text}', ...args); return 0; };`;

/** A checkout with a command line of its own, the programs that compile and start it, and the packages they need. */
export function checkout(sources: Record<string, string>): string {
  const root = projectWith(sources);
  for (const name of PROGRAMS) cpSync(join(ROOT, 'bin', name), join(root, 'bin', name));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** Runs a program of Node.js, from a folder that has nothing to do with it. */
export function runFile(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return { code: status, out: stdout.trim(), problems: stderr.trim() };
}

/** Runs the command line of a checkout. */
export const run = (root: string, ...args: string[]) => runFile(join(root, 'bin/greenlight.js'), ...args);
