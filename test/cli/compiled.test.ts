import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectWith, write } from './project';

const ROOT = join(__dirname, '..', '..');
const PROGRAMS = ['greenlight.js', 'compiled.js', 'built.js', 'compile-command-line.js'];

const says = (text: string) =>
  `export const main = async (args: string[]) => { console.log('${text}', ...args); return 0; };`;

/** A checkout with a command line of its own, the programs that compile and start it, and the packages they need. */
function checkout(sources: Record<string, string>): string {
  const root = projectWith(sources);
  for (const name of PROGRAMS) cpSync(join(ROOT, 'bin', name), join(root, 'bin', name));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

const shown = ({ status, stdout, stderr }: SpawnSyncReturns<string>) => ({
  code: status,
  out: stdout.trim(),
  problems: stderr.trim(),
});

const run = (root: string, ...args: string[]) =>
  shown(
    spawnSync(process.execPath, [join(root, 'bin/greenlight.js'), ...args], {
      cwd: tmpdir(),
      encoding: 'utf8',
    }),
  );

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

test.each(['src/cli/index.ts', 'src/domain/text.ts'])(
  'a changed %s is compiled before it is run',
  (changed) => {
    const root = checkout({
      'src/cli/index.ts': `import { text } from '../domain/text'; ${says("' + text + '")}`,
      'src/domain/text.ts': "export const text = 'one';",
    });
    expect(run(root).out).toBe('one');
    const source = readFileSync(join(root, changed), 'utf8');
    // as long as before
    write(root, { [changed]: source.replace("'one'", "'two'").replace('+ text +', "+ 'two' +") });
    expect(run(root).out).toBe('two');
  },
);

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

test('what was compiled days ago is removed, and what was compiled today is kept', () => {
  const root = checkout({ 'src/cli/index.ts': says('hello') });
  const folders = ['made-today', 'made-long-ago'];
  for (const folder of folders) write(root, { [`build/cli/${folder}/index.js`]: '' });
  utimesSync(join(root, 'build/cli/made-long-ago'), 0, 0);
  run(root);
  expect(folders.map((folder) => existsSync(join(root, 'build/cli', folder)))).toEqual([true, false]);
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

describe('a package without sources', () => {
  let root: string;
  beforeEach(() => {
    root = checkout({ 'src/cli/index.ts': says('hello') });
    run(root);
    rmSync(join(root, 'src'), { recursive: true });
    unlinkSync(join(root, 'node_modules'));
  });

  test('runs what is compiled, also through a link to its program', () => {
    const place = mkdtempSync(join(tmpdir(), 'greenlight-link-test-'));
    symlinkSync(join(root, 'bin/greenlight.js'), join(place, 'greenlight'));
    const linked = spawnSync(process.execPath, [join(place, 'greenlight')], { encoding: 'utf8' });
    rmSync(place, { recursive: true });
    expect(shown(linked)).toEqual({ code: 0, out: 'hello', problems: '' });
  });

  test('has one clear error when nothing is compiled', () => {
    rmSync(join(root, 'build'), { recursive: true });
    const { code, problems } = run(root);
    expect(code).toBe(1);
    expect(problems).toMatch(
      /^error: there is no compiled command line in .*build.cli, and no source of one; install greenlight again$/,
    );
  });
});
