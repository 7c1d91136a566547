import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { main } from '../../src/cli';

let out: string[];
let problems: string[];
beforeEach(() => {
  out = [];
  problems = [];
  jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => problems.push(line));
});
afterEach(() => jest.restoreAllMocks());

test('--help lists the verbs', async () => {
  expect(await main(['--help'])).toBe(0);
  expect(out.join('\n')).toMatch(/local +start the example/);
});

test.each([[['local', '--help']], [['help', 'local']]])('%j explains the verb', async (args) => {
  expect(await main(args)).toBe(0);
  expect(out.join('\n')).toContain('--speed N');
});

test('--version is that of the package', async () => {
  expect(await main(['--version'])).toBe(0);
  expect(out).toEqual([version]);
});

test.each([
  [['frobnicate'], "unknown verb 'frobnicate'; greenlight --help lists the verbs"],
  [['frobnicate', '--help'], "unknown verb 'frobnicate'"],
  [['help', 'frobnicate'], "unknown verb 'frobnicate'"],
  [['aprove'], "unknown verb 'aprove' (Did you mean approve?); greenlight --help lists the verbs"],
  [['toString'], "unknown verb 'toString'"],
  [['local', '--wat'], "unknown option '--wat'; greenlight local --help lists the options"],
  [['check', 'one', 'two'], 'unexpected argument "two"'],
  [
    ['check', '--format', 'xml'],
    'expected --format FORMAT, one of text, github, sarif, json, received "xml"; greenlight check --help',
  ],
  [
    ['bundle', '--out', 'a', '--s3', 's3://b/c'],
    '--out and --s3 exclude each other; greenlight bundle --help',
  ],
  [['approve', 'release-7', '--workflow', 'Shop', '--reason'], 'expected --reason WHY, received no value'],
  [['completion', 'csh'], 'expected shell, one of bash, zsh, fish, received "csh"'],
  [
    ['approve', 'release-7', '--workflow', 'Shop', '--reason', '--json'],
    'expected a value for --reason, received the option --json in its place; greenlight approve --help',
  ],
])('%j is refused with one clear error', async (args, message) => {
  expect(await main(args)).toBe(2);
  expect(out).toEqual([]);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(problems[0]).not.toContain('\n');
});

test('without a verb the usage is printed, and the exit code says that this is no command', async () => {
  expect(await main([])).toBe(2);
  expect(out.join('\n')).toContain('usage: greenlight <verb>');
});

test('the installed command runs without a TypeScript loader of the caller', () => {
  const command = join(__dirname, '../../bin/greenlight.js');
  const { status, stdout } = spawnSync(process.execPath, [command, '--help'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('usage: greenlight <verb>')]);
});
