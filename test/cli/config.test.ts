import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli';

let folder: string;
let out: string[];
let problems: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-config-test-'));
  out = [];
  problems = [];
  jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => problems.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const file = (content: unknown) => {
  const path = join(folder, 'greenlight.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

it('prints the policy of an environment, and marks what the file says', async () => {
  const path = file({ environments: { production: { promotion: { after: 'staging' } } } });
  expect(await main(['config', path, '--environment', 'production'])).toBe(0);
  expect(out.join('\n')).toMatch(/^ {2}promotion\.after +staging {2}\(file\)$/m);
  expect(out.join('\n')).toMatch(/^ {2}canaryPercent +5$/m);
});

it('prints complete policies as JSON', async () => {
  expect(await main(['config', file({ environments: {} }), '--json'])).toBe(0);
  expect(Object.keys(JSON.parse(out.join('')))).toEqual(['development', 'staging', 'production']);
});

it('prints a JSON schema that knows every setting', async () => {
  expect(await main(['config', '--schema'])).toBe(0);
  expect(JSON.stringify(JSON.parse(out.join('')))).toContain('errorRateCeiling');
});

it.each([
  [
    'a wrong value',
    { environments: { staging: { canaryPercent: 100 } } },
    /staging\.canaryPercent: .*received 100/,
  ],
  ['no JSON', '{', /greenlight\.json is not JSON/],
])('exits with 1 and says what is wrong: %s', async (_title, content, message) => {
  expect(await main(['config', file(content)])).toBe(1);
  expect(problems.join('\n')).toMatch(message);
});

it('names the environments there are when it is asked for another', async () => {
  expect(await main(['config', file({ environments: { eu: {} } }), '--environment', 'us'])).toBe(1);
  expect(problems.join()).toContain(
    'there is no environment "us", there are development, staging, production, eu',
  );
});

it('exits with 2 for an option it does not know', async () =>
  expect(await main(['config', '--colour'])).toBe(2));
