import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { aboutData, type DataRecord, dataProblem } from '../../src/domain/database/row-record';
import { data } from '../../src/postgres/data';
import { type Server, startServer } from './server';

jest.setTimeout(120_000);

let server: Server;
let recorded: DataRecord;
let copy: DataRecord;
const port = data.open({} as Parameters<typeof data.open>[0]);

const seen = (look: DataRecord | { unreachable: string }): DataRecord => {
  if ('unreachable' in look) throw new Error(look.unreachable);
  return look;
};

/** What a snapshot brings back otherwise than it was, and a right restore still is. */
const SCHEMA = `
CREATE TABLE orders (id serial PRIMARY KEY, at timestamptz DEFAULT now());
INSERT INTO orders SELECT FROM generate_series(1, 100);
CREATE UNLOGGED TABLE sessions (id serial PRIMARY KEY, token int GENERATED ALWAYS AS IDENTITY);
INSERT INTO sessions SELECT FROM generate_series(1, 50);
CREATE TABLE events (id int);
CREATE UNLOGGED TABLE events_of_today () INHERITS (events);
INSERT INTO events VALUES (1);
INSERT INTO events_of_today VALUES (2), (3);
CREATE SEQUENCE countdown INCREMENT -5 MAXVALUE 1000000 START 1000000;
CREATE SEQUENCE dial MAXVALUE 20 CYCLE;
CREATE UNLOGGED SEQUENCE tickets;
SELECT nextval('countdown'), nextval('dial'), nextval('tickets') FROM generate_series(1, 70);
CREATE TABLE parcels (id int);
CREATE TABLE shelves (id int);
INSERT INTO shelves VALUES (1)`;

beforeAll(async () => {
  server = await startServer({ max_prepared_transactions: '5' });
  process.env.AWS_CA_BUNDLE = server.caFile;
  jest
    .spyOn(SecretsManagerClient.prototype, 'send')
    .mockImplementation(async () => ({ SecretString: JSON.stringify(server.credentials) }));
  const client = await server.connect();
  await client.query(SCHEMA);
  await client.query(
    "BEGIN; UPDATE orders SET at = now() WHERE id = 7; INSERT INTO parcels VALUES (1); PREPARE TRANSACTION 'payment-7'",
  );
  await client.query("BEGIN; LOCK TABLE shelves; PREPARE TRANSACTION 'stocktaking'");
  await client.end();
  recorded = seen(await port.record('the secret', { tool: 'dbmate' }, 1_000_000));
  // a snapshot of RDS is one of the volume, and a copy begins with what a crash leaves
  await server.crash();
  const at = await server.restored();
  copy = seen(await port.again('the secret', recorded, at));
});
afterAll(async () => {
  delete process.env.AWS_CA_BUNDLE;
  await server?.close();
});

it('calls a restored database the same whose unlogged tables are empty and whose sequences have jumped ahead', () => {
  expect(dataProblem(recorded, copy)).toBeUndefined();
  // that is what came back, and it differs: nothing here was equal by chance
  expect(BigInt(copy.sequences['public.countdown']!)).toBeGreaterThan(
    BigInt(recorded.sequences['public.countdown']!),
  );
  expect(BigInt(copy.sequences['public.orders_id_seq']!)).toBeGreaterThan(100n);
});

it('compares what a snapshot has to bring back, and nothing of what is unlogged', () => {
  expect(Object.keys(recorded.tables).sort()).toEqual(['public.events', 'public.orders', 'public.parcels']);
  expect(recorded.tables['public.events']?.rows).toBe('1');
  expect(Object.keys(recorded.sequences).sort()).toEqual([
    'public.countdown',
    'public.dial',
    'public.orders_id_seq',
  ]);
  expect(recorded.sequences['public.dial']).toBeNull();
});

it('names the transactions that are still prepared, with the locks that came along', () => {
  const prepared = [
    { id: 'payment-7', tables: ['public.orders', 'public.parcels'], locksAll: [] },
    { id: 'stocktaking', tables: ['public.shelves'], locksAll: ['public.shelves'] },
  ];
  expect(recorded.prepared).toEqual(prepared);
  expect(copy.prepared).toEqual(prepared);
  expect(aboutData(copy)).toContain(
    'the prepared transaction "payment-7" goes on holding its locks on public.orders, public.parcels until somebody ends it',
  );
  expect(aboutData(copy)).toContain('not looked at, because one has locked them: public.shelves');
});

it.each<[string, (record: DataRecord) => DataRecord, string]>([
  [
    'a row less',
    (record) => ({ ...record, tables: { ...record.tables, 'public.orders': { rows: '99', sum: '0' } } }),
    'public.orders has 99 rows instead of 100',
  ],
  [
    'a sequence that counts down and has gone up',
    (record) => ({ ...record, sequences: { ...record.sequences, 'public.countdown': '-1000000' } }),
    'sequence public.countdown is behind',
  ],
])('still finds %s', (_, change, problem) => {
  expect(dataProblem(recorded, change(copy))).toContain(problem);
});
