import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, says } from './checkout';
import { write } from './project';

const record = (root: string) => readFileSync(join(root, 'build/cli/latest.json'), 'utf8');

test('a checkout is compiled when it is first run, from any folder, and says nothing of it', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  expect(run(root, 'a', '--b')).toEqual({ code: 0, out: 'hello a --b', problems: '' });
});

test('it is not compiled again as long as nothing changes', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  run(root);
  const before = record(root);
  expect(run(root)).toEqual({ code: 0, out: 'hello', problems: '' });
  expect(record(root)).toBe(before);
});

test.each(['src/cli/index.ts', 'src/domain/text.ts'])('a changed %s is compiled before it is run', (file) => {
  const root = checkout({
    'src/cli/index.ts': `
      import { text } from '../domain/text';
      export const main = async () => { console.log('one', text); return 0; };`,
    'src/domain/text.ts': "export const text = 'one';",
  });
  expect(run(root).out).toBe('one one');
  write(root, { [file]: readFileSync(join(root, file), 'utf8').replace("'one'", "'two'") });
  expect(run(root).out).toContain('two');
});

test.each(['package-lock.json', 'tsconfig.json', 'bin/compile-command-line.js'])(
  'a changed %s compiles the command line again',
  (file) => {
    const root = checkout({
      'src/cli/index.ts': says('hello'),
      'package-lock.json': '{}',
      'tsconfig.json': '{}',
    });
    run(root);
    const before = record(root);
    write(root, { [file]: `${readFileSync(join(root, file), 'utf8')}\n` });
    expect(run(root)).toEqual({ code: 0, out: 'hello', problems: '' });
    expect(record(root)).not.toBe(before);
  },
);

test('several that are started at once on a fresh checkout all run', async () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  const started = Array.from({ length: 4 }, () => spawn(process.execPath, [join(root, 'bin/greenlight.js')]));
  const codes = await Promise.all(started.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(run(root)).toEqual({ code: 0, out: 'hello', problems: '' });
});

test('a part that is loaded late is found although the command line was compiled again meanwhile', async () => {
  const root = checkout({
    'src/cli/index.ts': `
      export async function main() {
        console.log('waiting');
        await new Promise((resolve) => process.stdin.once('data', resolve));
        return (await import('./part')).part();
      }`,
    'src/cli/part.ts': "export const part = () => { console.log('old part'); return 0; };",
  });
  const child = spawn(process.execPath, [join(root, 'bin/greenlight.js')]);
  let out = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  try {
    await once(child.stdout, 'data');
    write(root, { 'src/cli/index.ts': says('new') });
    expect(run(root).out).toBe('new');
    child.stdin.end('go\n');
    expect((await once(child, 'close'))[0]).toBe(0);
  } finally {
    child.kill();
  }
  expect(out).toBe('waiting\nold part\n');
});

test('what was compiled days ago is removed, and what was compiled today is kept', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  const folders = ['made-today', 'made-long-ago'];
  for (const folder of folders) write(root, { [`build/cli/${folder}/index.js`]: '' });
  utimesSync(join(root, 'build/cli/made-long-ago'), 0, 0);
  run(root);
  expect(folders.map((folder) => existsSync(join(root, 'build/cli', folder)))).toEqual([true, false]);
});
