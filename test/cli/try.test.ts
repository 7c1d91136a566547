import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Told } from '../../src/cli/attempts/told';
import { projectWith, run } from './project';

jest.setTimeout(240_000);

/** One of each: what goes, what needs a table without rows, what needs no duplicates, and a rollback that forgets. */
const files = {
  'sql/001_customers.sql': `CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
    CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail email NOT NULL UNIQUE, name text,
      code char(3) CHECK (code ~ '^[A-Z]{3}$'), mood mood, created timestamptz NOT NULL DEFAULT now());`,
  'sql/001_customers.down.sql': 'DROP TABLE customers; DROP DOMAIN email; DROP TYPE mood;',
  'sql/002_orders.sql': `CREATE TABLE orders (id uuid PRIMARY KEY, customer bigint NOT NULL REFERENCES customers,
      parent uuid REFERENCES orders, amount numeric(6,2) NOT NULL CHECK (amount > 100 AND amount < 200), note varchar(20));
    CREATE TABLE links (a bigint REFERENCES customers, b uuid REFERENCES orders, PRIMARY KEY (a, b));
    CREATE TABLE odd (id int, "to" regclass NOT NULL);`,
  'sql/002_orders.down.sql': 'DROP TABLE odd; DROP TABLE links; DROP TABLE orders;',
  'sql/003_kind.sql': '-- everybody has one\nALTER TABLE orders ADD COLUMN kind text NOT NULL;',
  'sql/004_one_name.sql': 'CREATE UNIQUE INDEX one_name ON customers (name);',
  'sql/005_remark.sql': 'ALTER TABLE orders RENAME COLUMN note TO remark;',
  'sql/005_remark.down.sql':
    'ALTER TABLE orders DROP COLUMN remark; ALTER TABLE orders ADD COLUMN note varchar(20);',
};

const withRows = ['fresh', 'again', 'incremental', 'rollback'].flatMap((one) => ['--only', one]);

/** Where everything that is made for a while lies, for this suite alone; the server's user has to get through. */
const scratch = mkdtempSync(join(tmpdir(), 'greenlight-try-test-'));
chmodSync(scratch, 0o711);
const before = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = scratch;
});
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(scratch, { recursive: true });
});
/** But the project, which the test removes. */
const left = () => readdirSync(scratch).filter((name) => !name.startsWith('greenlight-cli-test-'));

it('says of each migration what happens to it with rows, and what its rollback loses, with file and remedy', async () => {
  const { code, out, problems } = await run('try', projectWith(files), '--json', ...withRows);
  const { results, withoutRows } = JSON.parse(out) as Told;
  const found = results
    .filter(({ verdict }) => verdict === 'fails')
    .map(({ attempt, file, line, message, remedy }) => [
      attempt,
      file?.split('/').at(-1),
      line,
      message,
      remedy,
    ]);
  expect(found).toEqual([
    [
      'incremental',
      '003_kind.sql',
      2,
      expect.stringContaining('contains null values'),
      expect.stringContaining('default'),
    ],
    [
      'incremental',
      '004_one_name.sql',
      1,
      expect.stringContaining('one_name'),
      expect.stringContaining('same value'),
    ],
    [
      'rollback',
      '005_remark.sql',
      undefined,
      expect.stringContaining('orders: note'),
      expect.stringContaining('takes away'),
    ],
  ]);
  expect(
    results
      .filter(({ verdict }) => verdict === 'undone')
      .map(({ attempt, migration }) => [attempt, migration]),
  ).toEqual([
    ['rollback', '003_kind'],
    ['rollback', '004_one_name'],
  ]);
  // a table is never passed over in silence
  expect(withoutRows).toEqual([{ table: 'public.odd', why: expect.stringContaining('regclass') }]);
  expect([code, problems]).toEqual([1, expect.stringContaining('incremental')]);
  expect(left()).toEqual([]);
});

it('finds what a run that is killed leaves half, and two runs at once that both fail to tell', async () => {
  const folder = projectWith({
    'sql/001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY);',
    'sql/002_half.sql': 'CREATE TABLE half (id int);\nCREATE INDEX CONCURRENTLY half_id ON half (id);',
  });
  const { code, out } = await run(
    'try',
    folder,
    '--only',
    'interrupted',
    '--only',
    'two-at-once',
    '--format',
    'github',
  );
  expect(out).toMatch(
    /::error file=.*002_half\.sql,line=1,title=greenlight%3A interrupted::killed .* "half" already exists/,
  );
  expect(out).toMatch(
    /::warning file=.*001_orders\.sql.*of two runs at once one fails, and nothing is damaged/,
  );
  expect(code).toBe(1);
});

it.each([
  [['--only', 'volume'], '--survey FILE'],
  [['--only', 'everything'], 'fresh, again'],
  [['--postgres', 'new'], 'a positive whole number, received "new"'],
])('refuses %j with what was expected', async (options, expected) => {
  const { code, problems } = await run('try', projectWith({ 'sql/001.sql': 'SELECT 1;' }), ...options);
  expect([code, problems]).toEqual([2, expect.stringContaining(expected)]);
});

/** A program of the project that says a statement to the database that it is told of. */
const seed = (sql: string) => `const { Client } = require(${JSON.stringify(require.resolve('pg'))});
const client = new Client({ connectionString: process.env.DATABASE_URL });
client.connect().then(() => client.query(${JSON.stringify(sql)})).finally(() => client.end());
`;

it.each([
  ['goes', "INSERT INTO units VALUES ('g') ON CONFLICT DO NOTHING", 0, undefined],
  [
    'adds rows once more',
    "INSERT INTO hints VALUES ('x')",
    1,
    /changes what the first one made: public\.hints had 1 row and has 2 rows/,
  ],
  [
    'fails the second time',
    "INSERT INTO units VALUES ('g')",
    1,
    /a second run of the seeds fails: .*units_pkey/,
  ],
  ['never runs', 'INSERT INTO nothing VALUES (1)', 1, /the seeds fail: .*nothing/],
])('runs seeds twice behind the migrations, and says of what %s', async (_, sql, exit, message) => {
  const folder = projectWith({
    'sql/001_units.sql': 'CREATE TABLE units (code text PRIMARY KEY); CREATE TABLE hints (text text);',
    'seed.cjs': seed(sql),
  });
  const { code, out } = await run('try', folder, '--json', '--only', 'seeds', '--seeds', 'node seed.cjs');
  const { results } = JSON.parse(out) as Told;
  const [found] = results.filter(({ attempt }) => attempt === 'seeds');
  expect([code, found]).toEqual([
    exit,
    expect.objectContaining({
      verdict: exit === 0 ? 'ok' : 'fails',
      ...(message && { message: expect.stringMatching(message) }),
    }),
  ]);
  expect(left()).toEqual([]);
});

it('asks for the command of the seeds where they are to be tried', async () => {
  const { code, problems } = await run('try', projectWith(files), '--only', 'seeds');
  expect([code, problems]).toEqual([2, expect.stringContaining('--only seeds needs --seeds LINE')]);
});
