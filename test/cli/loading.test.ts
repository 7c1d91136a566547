import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { migration, projectWith } from './project';

const ROOT = join(__dirname, '..', '..');
const { bundle } = require('../../bin/compile-command-line.js') as {
  bundle(root: string, source: string, outdir: string): { metafile: Metafile };
};

/** What reads command lines, with its types. */
const READER = ['@commander-js/extra-typings', 'commander'];
/** PostgreSQL's parser, and the names of what it returns. */
const PARSER = ['@pgsql/types', 'libpg-query'];
const both = [...READER, ...PARSER].sort();

/** Where no AWS answers. */
const NOWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_MAX_ATTEMPTS: '1',
};

/** What went into each compiled file, by its name. */
const inputs = new Map<string, string[]>();
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'greenlight-loading-test-'));
  const { outputs } = bundle(ROOT, join(ROOT, 'src/cli/index.ts'), join(scratch, 'bundled')).metafile;
  for (const [path, output] of Object.entries(outputs))
    inputs.set(basename(path), Object.keys(output.inputs));
  const listing = `process.on('exit', () => require('node:fs').writeFileSync(process.env.LISTING, Object.keys(require.cache).join('\\n')));`;
  writeFileSync(join(scratch, 'listing.js'), listing);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs a command line and looks at what its process has loaded: files of ours, and packages. */
function loadedBy(...args: string[]) {
  const listing = join(scratch, 'listing.txt');
  const { status } = spawnSync(
    process.execPath,
    ['--require', join(scratch, 'listing.js'), join(ROOT, 'bin/greenlight.js'), ...args],
    { env: { ...process.env, ...NOWHERE, LISTING: listing } },
  );
  const files = readFileSync(listing, 'utf8')
    .split('\n')
    .map((file) => basename(file));
  const all = files.flatMap((file) => inputs.get(file) ?? []);
  const packages = all.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return {
    code: status,
    own: all.filter((path) => !path.startsWith('node_modules/')),
    packages: [...new Set(packages)].sort(),
  };
}

const shop = () =>
  projectWith({ 'db/1_orders.sql': migration('CREATE TABLE orders (id bigint PRIMARY KEY);') });

test('--help loads no verb, and of packages what reads command lines', () => {
  const { code, own, packages } = loadedBy('--help');
  expect([code, packages]).toEqual([0, READER]);
  expect(own.sort()).toEqual([
    'package.json',
    'src/cli/index.ts',
    'src/cli/print.ts',
    'src/cli/usage-error.ts',
    'src/cli/verbs/deployments.ts',
    'src/cli/verbs/files.ts',
    'src/cli/verbs/index.ts',
    'src/cli/verbs/machine.ts',
    'src/cli/verbs/options.ts',
    'src/cli/verbs/verb.ts',
    'src/cli/workflow-named.ts',
    'src/domain/attempts/attempt.ts',
    'src/domain/privacy/passwords.ts',
    'src/domain/privacy/redaction.ts',
    'src/domain/privacy/rows.ts',
    'src/domain/settings/choices.ts',
    'src/domain/settings/workflow-name.ts',
    'src/domain/text/printable.ts',
    'src/domain/validation/check.ts',
  ]);
});

test('check loads the parser, and no AWS client, no driver, no schemas', () => {
  const { code, own, packages } = loadedBy('check', shop());
  expect([code, packages]).toEqual([0, both]);
  expect(own).toContain('src/cli/check.ts');
  expect(own.filter((path) => /^src\/(aws|postgres)/.test(path))).toEqual([]);
});

test('plan loads the parser alone, too', () => {
  expect(loadedBy('plan', shop())).toMatchObject({ code: 0, packages: both });
});

test('check with a database loads the driver', () => {
  const { code, packages } = loadedBy('check', shop(), '--database', 'postgres://127.0.0.1:1/none');
  expect(code).toBe(1);
  expect(packages).toContain('pg');
});

test('report loads the clients of what it reads', () => {
  const { code, packages } = loadedBy('report', 'release-v2', '--workflow', 'Shop');
  expect(code).toBe(1);
  expect(packages).toEqual(expect.arrayContaining(['@aws-sdk/client-ssm', '@aws-sdk/client-dynamodb']));
  expect(packages).not.toContain('libpg-query');
});
