import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const mine = () => readdirSync(tmpdir()).filter((name) => /^greenlight-\w{6}$/.test(name));

it('says of each migration what happens to it with rows, and what its rollback loses, with file and remedy', async () => {
  const before = new Set(mine());
  const { code, out, problems } = await run('try', projectWith(files), '--json');
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
  expect(mine().filter((name) => !before.has(name))).toEqual([]);
});
