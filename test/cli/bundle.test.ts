import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli';

const projects = join(__dirname, '..', 'migrations', 'projects');
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

let folder: string;
let out: string[];
let problems: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-bundle-test-'));
  out = [];
  problems = [];
  jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => problems.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('prints the manifest, and the digest of exactly those bytes beside it', async () => {
  expect(await main(['bundle', join(projects, 'dbmate')])).toBe(0);
  const manifest = JSON.parse(out[0]!);
  expect([manifest.version, manifest.tool, manifest.migrations.length]).toEqual([1, 'dbmate', 3]);
  expect(problems).toEqual([digestOf(`${out[0]}\n`)]);
});

test('writes the same bytes from another place on another day', async () => {
  const file = join(folder, 'manifest.json');
  expect(await main(['bundle', join(projects, 'flyway'), '--out', file])).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(out).toEqual([`${file} ${digestOf(text)}`]);
  await main(['bundle', join(projects, '..', 'projects', 'flyway', '.')]);
  expect(`${out[1]}\n`).toBe(text);
  expect(text).not.toContain(projects);
});

test('sorts the keys, so that the order in which they came to be does not matter', async () => {
  await main(['bundle', join(projects, 'prisma')]);
  const [first] = JSON.parse(out[0]!).migrations;
  expect(Object.keys(first)).toEqual(Object.keys(first).sort());
});

test('says of migrations that are code why there is no SQL', async () => {
  expect(await main(['bundle', join(projects, 'knex')])).toBe(0);
  expect(problems[0]).toMatch(/^migrations\/20260101000000_accounts\.js: the migration is code/);
});

test('--json sums up in one line', async () => {
  const file = join(folder, 'manifest.json');
  await main(['bundle', join(projects, 'node-pg-migrate'), '--out', file, '--json']);
  expect(JSON.parse(out[0]!)).toEqual({
    tool: 'node-pg-migrate',
    migrations: 3,
    contract: [],
    opaque: ['1767398400000_email-check'],
    location: file,
    digest: digestOf(readFileSync(file, 'utf8')),
  });
});

test('a project of two tools is bundled for the one that is named', async () => {
  writeFileSync(join(folder, '1_a.up.sql'), 'SELECT 1;');
  writeFileSync(join(folder, 'V1__a.sql'), 'SELECT 1;');
  expect(await main(['bundle', folder])).toBe(1);
  expect(problems[0]).toMatch(/more than one migration tool: flyway .*golang-migrate .*--tool/);
  expect(await main(['bundle', folder, '--tool', 'flyway', '--json'])).toBe(0);
  expect(JSON.parse(out[0]!)).toMatchObject({ tool: 'flyway', migrations: 1 });
});

test.each([
  [['--tool', 'rails'], 2, 'unknown tool "rails"'],
  [['--out', 'x', '--s3', 's3://b/k'], 2, '--out and --s3 exclude each other'],
  [['a', 'b'], 2, 'unexpected argument "b"'],
  [['--s3', 'elsewhere'], 1, 'expected s3://bucket/key, received "elsewhere"'],
])('%j is refused with one clear error', async (args, code, message) => {
  const path = args.includes('a') ? [] : [join(projects, 'dbmate')];
  expect(await main(['bundle', ...path, ...args])).toBe(code);
  expect(problems.at(-1)).toContain(message);
});

test('two files of one migration are refused, because only one of them could be applied', async () => {
  for (const name of ['1_a.sql', '1_b.sql']) writeFileSync(join(folder, name), '-- migrate:up\nSELECT 1;\n');
  expect(await main(['bundle', folder])).toBe(1);
  expect(problems[0]).toBe('error: 1_a.sql and 1_b.sql are both migration 1; rename one of them');
});

test('--contract marks the migrations of another folder, which come last, and refuses an id that both have', async () => {
  const dbmate = join(projects, 'dbmate', 'db', 'migrations');
  const write = (name: string) =>
    writeFileSync(join(folder, name), '-- migrate:up\nALTER TABLE accounts DROP COLUMN email;\n');
  write('20260104000000_drop_email.sql');
  expect(await main(['bundle', dbmate, '--contract', folder])).toBe(0);
  const { migrations } = JSON.parse(out[0]!);
  expect(migrations.map(({ id, phase }: { id: string; phase?: string }) => [id, phase])).toEqual([
    ['20260101000000', undefined],
    ['20260102000000', undefined],
    ['20260103000000', undefined],
    ['20260104000000', 'contract'],
  ]);
  write('20260103000000_again.sql');
  expect(await main(['bundle', dbmate, '--contract', folder])).toBe(1);
  expect(problems.at(-1)).toMatch(/both migration 20260103000000; rename one of them/);
});
