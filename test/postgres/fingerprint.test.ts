import type { Client } from 'pg';
import { missingTable, ownTables, readHistory, recordedIn } from '../../src/migrations/history';
import { fingerprintOf } from '../../src/postgres/fingerprint';
import { type Server, startServer } from './server';

jest.setTimeout(60_000);

let server: Server;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  await client.query(`
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE TABLE product (id int PRIMARY KEY, name varchar(50) NOT NULL, price numeric DEFAULT 1, state mood);
    CREATE TABLE orders (id int PRIMARY KEY, product int REFERENCES product);
    CREATE VIEW cheap AS SELECT id FROM product WHERE price < 10;
    CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
    CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  `);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const fingerprint = () => fingerprintOf(client, ['schema_migrations']);

it.each([
  ['a new table', 'CREATE TABLE other (id int)'],
  ['a new column', 'ALTER TABLE product ADD COLUMN colour text'],
  ['a dropped column', 'ALTER TABLE product DROP COLUMN state'],
  ['a renamed column', 'ALTER TABLE product RENAME COLUMN name TO title'],
  ['a wider type', 'ALTER TABLE product ALTER COLUMN name TYPE varchar(100)'],
  ['another default', 'ALTER TABLE product ALTER COLUMN price SET DEFAULT 2'],
  ['a column that became nullable', 'ALTER TABLE product ALTER COLUMN name DROP NOT NULL'],
  ['a new index', 'CREATE INDEX ON product (name)'],
  ['a new constraint', 'ALTER TABLE product ADD CHECK (price > 0)'],
  ['a constraint that is not validated', 'ALTER TABLE product ADD CONSTRAINT c CHECK (price > 0) NOT VALID'],
  ['a dropped foreign key', 'ALTER TABLE orders DROP CONSTRAINT orders_product_fkey'],
  ['another view', 'CREATE OR REPLACE VIEW cheap AS SELECT id FROM product WHERE price < 5'],
  ['another function', "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n + n'"],
  ['a new trigger', 'CREATE TRIGGER t BEFORE INSERT ON product FOR EACH ROW EXECUTE FUNCTION stamp()'],
  ['a new enum value', "ALTER TYPE mood ADD VALUE 'fair'"],
  ['row level security', 'ALTER TABLE product ENABLE ROW LEVEL SECURITY'],
  ['a policy', 'CREATE POLICY p ON product USING (true)'],
  ['a new sequence', 'CREATE SEQUENCE s'],
  ['a table option', 'ALTER TABLE product SET (fillfactor = 70)'],
])('differs after %s, and is the same again when that is rolled back', async (_title, statement) => {
  const before = await fingerprint();
  await client.query('BEGIN');
  await client.query(statement);
  expect(await fingerprint()).not.toBe(before);
  await client.query('ROLLBACK');
  expect(await fingerprint()).toBe(before);
});

it.each([
  [
    'a column that was added and dropped again',
    'ALTER TABLE product ADD COLUMN x int; ALTER TABLE product DROP COLUMN x',
  ],
  ['rows', "INSERT INTO product VALUES (1, 'a')"],
  ['the history table of the migration tool', 'CREATE TABLE schema_migrations (version varchar PRIMARY KEY)'],
])('does not mind %s', async (_title, statement) => {
  const before = await fingerprint();
  await client.query(statement);
  expect(await fingerprint()).toBe(before);
});

it("reads dbmate's history in the order of its versions, and none before there is a table", async () => {
  await client.query('DROP TABLE IF EXISTS schema_migrations');
  expect(recordedIn(await readHistory(client, { tool: 'dbmate' })).applied).toEqual([]);
  await client.query(
    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20260202'), ('20260101')",
  );
  expect(recordedIn(await readHistory(client, { tool: 'dbmate' })).applied).toEqual(['20260101', '20260202']);
});

it('reads a history of another name, whose table is no part of the schema either', async () => {
  const place = { tool: 'dbmate', historyTable: 'ops.Applied' } as const;
  const before = await fingerprintOf(client, ownTables(place));
  expect(await missingTable(client, place)).toBe('ops.Applied');
  await client.query(
    `CREATE SCHEMA ops; CREATE TABLE ops."Applied" (version varchar PRIMARY KEY); INSERT INTO ops."Applied" VALUES ('7')`,
  );
  expect(await missingTable(client, place)).toBeUndefined();
  expect(recordedIn(await readHistory(client, place)).applied).toEqual(['7']);
  expect(await fingerprintOf(client, ownTables(place))).toBe(before);
  expect(ownTables({ tool: 'knex', historyTable: 'applied' })).toEqual(
    expect.arrayContaining(['applied', 'applied_id_seq', 'applied_lock', 'applied_lock_index_seq']),
  );
});
