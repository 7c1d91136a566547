import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('a verb explains itself', async () => {
  expect(await main(['local', '--help'])).toBe(0);
  expect(out.join('\n')).toContain('--speed N');
});

test.each([
  [['frobnicate'], 'unknown verb "frobnicate"; greenlight --help lists the verbs'],
  [['toString'], 'unknown verb "toString"'],
  [['local', '--wat'], "Unknown option '--wat'"],
])('%j is refused with one clear error', async (args, message) => {
  expect(await main(args)).toBe(2);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test('the installed command runs without a TypeScript loader of the caller', () => {
  const command = join(__dirname, '../../bin/greenlight.js');
  const { status, stdout } = spawnSync(process.execPath, [command, '--help'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('usage: greenlight <verb>')]);
});
