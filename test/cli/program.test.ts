import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, says } from './checkout';
import { write } from './project';

test('all that was printed reaches a pipe that is read late', async () => {
  const root = checkout({
    'src/cli/index.ts': `
      export async function main() {
        console.log('long '.repeat(200_000));
        console.error('printed');
        return 3;
      }`,
  });
  const child = spawn(process.execPath, [join(root, 'bin/greenlight.js')]);
  await once(child.stderr, 'data');
  let length = 0;
  child.stdout.on('data', (text) => {
    length += text.length;
  });
  expect((await once(child, 'close'))[0]).toBe(3);
  expect(length).toBe(1_000_001);
});

test('a reader that has read enough ends it without a word, and not as if all was well', async () => {
  const root = checkout({
    'src/cli/index.ts': `
      export async function main() {
        for (let n = 0; n < 100; n++) {
          console.log('long '.repeat(20_000));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        return 0;
      }`,
  });
  const child = spawn(process.execPath, [join(root, 'bin/greenlight.js')]);
  child.stdout.destroy();
  let problems = '';
  child.stderr.on('data', (text) => {
    problems += text;
  });
  expect((await once(child, 'close'))[0]).toBe(141);
  expect(problems).toBe('');
});

test('a mistake in a source is one clear error with its place, and nothing older is run instead', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  run(root);
  write(root, { 'src/cli/index.ts': 'export const main = ;' });
  expect(run(root)).toEqual({
    code: 1,
    out: '',
    problems: 'error: the command line cannot be compiled: src/cli/index.ts:1:21: Unexpected ";"',
  });
  expect(readdirSync(join(root, 'build/cli'))).toHaveLength(2);
});

test('a build folder that cannot be written is one clear error', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello'), build: 'a file' });
  const { code, out, problems } = run(root);
  expect([code, out]).toEqual([1, '']);
  expect(problems).toMatch(
    /^error: the command line cannot be compiled: \w+: .*; it is written to .*build.cli, which must be a folder that can be written$/,
  );
});

test('packages that are not installed are one clear error', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  unlinkSync(join(root, 'node_modules'));
  expect(run(root)).toEqual({
    code: 1,
    out: '',
    problems: "error: the command line cannot be compiled: Cannot find module 'esbuild'; npm ci installs it",
  });
});
