import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../local/processes';
import { type CheckName, checksOf, type Observation, validate } from '../../src/domain/validation';
import { observe } from '../../src/postgres/validation';
import { analyse } from '../../src/postgres/validation/statistics';
import { isPresent, MAJORS, startServer as startMajor } from '../domain/migrations/servers';
import { startServer } from './server';

jest.setTimeout(120_000);

let processes: Processes;
beforeAll(async () => {
  processes = await startProcesses();
});
afterAll(() => processes?.close());

interface Scope {
  tables?: string[];
  before?: Observation;
  seconds?: number;
}

/** What the checks see now, as a deployment looks. */
async function seen(client: Client, checks: readonly CheckName[], { seconds, ...scope }: Scope = {}) {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await observe(
      client,
      { checks, history: { tool: 'dbmate' }, roles: ['reporting'], ...scope },
      seconds,
    );
  } finally {
    await client.query('ROLLBACK');
  }
}

/** What a check says of a statement. */
async function said(client: Client, check: CheckName, statements: string, tables?: string[]) {
  const before = await seen(client, [check], { tables });
  await client.query(statements);
  const after = await seen(client, [check], { tables, before });
  return validate([check], before, after, { pending: [] })[0];
}

const SCHEMA = `
  CREATE TABLE products (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text);
  CREATE TABLE orders (id serial PRIMARY KEY, product int, small smallserial);
  CREATE TABLE parts (id bigint GENERATED ALWAYS AS IDENTITY, month int) PARTITION BY LIST (month);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
  CREATE SEQUENCE down INCREMENT -1;
  CREATE TABLE countdown (id int DEFAULT nextval('down'));
  ALTER SEQUENCE down OWNED BY countdown.id;
  INSERT INTO products (name) SELECT 'a' FROM generate_series(1, 50);
  INSERT INTO orders (product) SELECT n % 50 + 1 FROM generate_series(1, 200) n;
  INSERT INTO parts (month) SELECT 1 FROM generate_series(1, 20);
  INSERT INTO countdown SELECT nextval('down') FROM generate_series(1, 5);
`;

describe.each(MAJORS.filter(isPresent))('on PostgreSQL %i, as a role that is no superuser', (major) => {
  let superuser: Client;
  let client: Client;
  beforeAll(async () => {
    const server = await startMajor(processes, major);
    const first = await server.connect('postgres');
    await first.query('CREATE ROLE app; CREATE ROLE reporting; GRANT pg_monitor TO app');
    await first.query('CREATE DATABASE shop');
    await first.end();
    superuser = await server.connect('shop');
    await superuser.query('GRANT ALL ON SCHEMA public TO app');
    client = await server.connect('shop');
    await client.query('SET ROLE app');
    await client.query(SCHEMA);
    await client.query('GRANT SELECT ON products TO reporting');
  });
  afterAll(async () => {
    await client?.end();
    await superuser?.end();
  });

  it.each<[check: CheckName, what: string, statements: string, status: string, detail: RegExp]>([
    [
      'schema',
      'a change that no migration made',
      'CREATE TABLE stray (id int)',
      'failed',
      /records no migration/,
    ],
    ['schema', 'new rows', "INSERT INTO products (name) VALUES ('b')", 'ok', /the same as before/],
    ['constraints', 'nothing', 'SELECT 1', 'ok', /every constraint is validated/],
    [
      'constraints',
      'a constraint that waits',
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (product > 0) NOT VALID',
      'warning',
      /positive on public\.orders not yet validated/,
    ],
    ['indexes', 'an index', 'CREATE INDEX ON products (name)', 'ok', /every index is valid/],
    [
      'indexes',
      'an index of the parent alone',
      'CREATE INDEX lone ON ONLY parts (month)',
      'failed',
      /indexes public\.lone are invalid/,
    ],
    [
      'indexes',
      'an index that was invalid before',
      'SELECT 1',
      'warning',
      /public\.lone are invalid since before/,
    ],
    [
      'sequences',
      'inserts that take numbers',
      'INSERT INTO orders (product) VALUES (1)',
      'ok',
      /^5 sequences/,
    ],
    [
      'sequences',
      'inserts that bring their own numbers',
      'INSERT INTO orders (id, product) VALUES (205, 1)',
      'failed',
      /public\.orders_id_seq of public\.orders\.id by 4;/,
    ],
    ['sequences', 'the same as before', 'SELECT 1', 'warning', /behind since before: public\.orders_id_seq/],
    [
      'sequences',
      'a sequence set after its rows',
      "SELECT setval('orders_id_seq', 205)",
      'ok',
      /^5 sequences/,
    ],
    [
      'sequences',
      'a sequence set to its first number again',
      "SELECT setval('products_id_seq', 1, false)",
      'failed',
      /products\.id by 51;/,
    ],
    ['sequences', 'a sequence set well', "SELECT setval('products_id_seq', 51)", 'ok', /^5 sequences/],
    [
      'sequences',
      'a descending one behind its rows',
      'INSERT INTO countdown VALUES (-8)',
      'failed',
      /public\.down of public\.countdown\.id by 3;/,
    ],
    ['sequences', 'a descending one set well', "SELECT setval('down', -8)", 'ok', /^5 sequences/],
    [
      'sequences',
      'four fifths of the numbers of a smallint used up',
      "SELECT setval('orders_small_seq', 26300)",
      'warning',
      /orders_small_seq of public\.orders\.small \(80 %\)/,
    ],
    [
      'sequences',
      'the last number of a smallint used up',
      "SELECT setval('orders_small_seq', 32767)",
      'failed',
      /no number left: public\.orders_small_seq/,
    ],
    ['permissions', 'a right to others', 'GRANT SELECT ON orders TO PUBLIC', 'ok', /nothing lost/],
    [
      'permissions',
      "the owner's own right taken away",
      'REVOKE DELETE, UPDATE ON orders FROM app',
      'failed',
      /lost UPDATE, DELETE on public\.orders/,
    ],
    ['permissions', 'it given back', 'GRANT DELETE, UPDATE ON orders TO app', 'ok', /nothing lost/],
    [
      'permissions',
      'a sequence nobody may use',
      'REVOKE ALL ON SEQUENCE orders_id_seq FROM app',
      'failed',
      /lost USAGE on public\.orders_id_seq/,
    ],
    [
      'permissions',
      "a right taken from another of the application's roles",
      'REVOKE SELECT ON products FROM reporting',
      'failed',
      /lost SELECT on public\.products for reporting/,
    ],
    [
      'foreignKeys',
      'a key that holds',
      'ALTER TABLE orders ADD CONSTRAINT of_product FOREIGN KEY (product) REFERENCES products',
      'ok',
      /^1 of 1 keys counted, no row without a parent/,
    ],
    [
      'foreignKeys',
      'a key that waits, over rows that break it',
      `ALTER TABLE orders DROP CONSTRAINT of_product; DELETE FROM products WHERE id = 50;
       ALTER TABLE orders ADD CONSTRAINT of_product_later FOREIGN KEY (product) REFERENCES products NOT VALID`,
      'warning',
      /of_product_later on public\.orders: 4 rows/,
    ],
    ['replication', 'nothing', 'SELECT 1', 'ok', /^0 standbys, 0 slots/],
  ])('%s, after %s: %s says %s', async (check, _what, statements, status, detail) => {
    expect(await said(client, check, statements)).toEqual({
      check,
      status,
      detail: expect.stringMatching(detail),
    });
  });

  it('counts rows that lost their parents although a key was there', async () => {
    const before = await seen(client, ['foreignKeys']);
    await superuser.query(`SET session_replication_role = replica; DELETE FROM products WHERE id = 49;
      SET session_replication_role = origin`);
    const after = await seen(client, ['foreignKeys'], { before });
    expect(validate(['foreignKeys'], before, after, { pending: [] })[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/of_product_later on public\.orders: 8 rows/),
    });
  });

  it('misses rows, in partitions too, and lets a table grow', async () => {
    const tables = ['public.parts', 'public.countdown', 'public.gone'];
    expect(await said(client, 'rows', 'INSERT INTO parts (month) VALUES (1)', tables)).toMatchObject({
      status: 'ok',
      detail: 'none lost from public.countdown (6), public.parts (21)',
    });
    expect(await said(client, 'rows', 'DELETE FROM parts WHERE id < 3', tables)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('public.parts has 19 rows where it had 21'),
    });
    expect(await said(client, 'rows', 'DROP TABLE countdown', tables)).toMatchObject({
      status: 'warning',
      detail: 'no longer there: public.countdown',
    });
  });

  it('knows a table that the application deletes from', async () => {
    await superuser.query(`CREATE TABLE sessions AS SELECT n FROM generate_series(1, 1000) n;
      GRANT ALL ON sessions TO app; DELETE FROM sessions WHERE n = 1`);
    await superuser.query('SELECT pg_stat_force_next_flush()');
    expect(
      await said(client, 'rows', 'DELETE FROM sessions WHERE n < 10', ['public.sessions']),
    ).toMatchObject({
      status: 'warning',
    });
    expect(
      await said(client, 'rows', 'DELETE FROM sessions WHERE n < 100', ['public.sessions']),
    ).toMatchObject({
      status: 'failed',
    });
  });

  it('says so when a check does not finish, and goes on with the others', async () => {
    await client.query('CREATE VIEW slow AS SELECT pg_sleep(100)::text FROM generate_series(1, 9)');
    const observation = await seen(client, ['rows', 'replication'], { tables: ['public.slow'], seconds: 1 });
    expect(observation.rows).toEqual({ unseen: 'not finished within 1 s' });
    expect(observation.replication).toMatchObject({ standbys: [] });
  });

  it('waits for no lock longer than its session may, and says that there was one', async () => {
    await client.query('CREATE TABLE queue (id int)');
    await superuser.query(
      'BEGIN; LOCK TABLE queue IN ACCESS EXCLUSIVE MODE; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE',
    );
    await client.query("SET lock_timeout = '100ms'");
    try {
      const observation = await seen(client, ['rows', 'indexes'], { tables: ['public.sessions'] });
      expect(observation.rows).toEqual({
        unseen: 'not finished: somebody holds a lock on what was to be read',
      });
      expect(observation.indexes).toEqual({ invalid: ['public.lone'] });
      expect(await analyse(client, ['public.queue', 'public.orders'], 10)).toEqual({
        analysed: ['public.orders'],
        skipped: [{ table: 'public.queue', because: 'somebody holds a lock on it' }],
      });
    } finally {
      await superuser.query('ROLLBACK');
      await client.query('RESET lock_timeout');
    }
  });

  it('tells what it may not read, without failing', async () => {
    await superuser.query('CREATE TABLE secret AS SELECT 1 AS id');
    const observation = await seen(client, ['rows', 'sequences'], { tables: ['public.secret'] });
    expect(observation.rows).toEqual({ unseen: 'not finished: the role may not read what it needs' });
    // four, one of which the role may not read since its rights were taken away
    expect(observation.sequences).toHaveLength(3);
  });

  it('gathers statistics where it may, and asks the server whether it did', async () => {
    expect(
      await analyse(client, ['public.parts', 'public.products', 'public.secret', 'public.gone'], 30),
    ).toEqual({
      analysed: ['public.parts', 'public.products'],
      skipped: [{ table: 'public.secret', because: 'the role may not analyse it' }],
    });
    const { rows } = await superuser.query(
      "SELECT n_mod_since_analyze::int AS changed FROM pg_stat_user_tables WHERE relname IN ('parts_1', 'products')",
    );
    expect(rows).toEqual([{ changed: 0 }, { changed: 0 }]);
  });

  it('notices a slot whose log the server has thrown away', async () => {
    await superuser.query("SELECT pg_create_physical_replication_slot('replica', true)");
    const before = await seen(client, ['replication']);
    await superuser.query("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await superuser.query('SELECT pg_reload_conf()');
    for (let segment = 0; segment < 4; segment++) {
      await superuser.query('CREATE TABLE filler (id int); DROP TABLE filler');
      await superuser.query('SELECT pg_switch_wal()');
    }
    await superuser.query('CHECKPOINT');
    const after = await seen(client, ['replication']);
    expect(validate(['replication'], before, after, { pending: [] })[0]).toMatchObject({
      status: 'failed',
      detail: 'slots replica are lost: their readers have to begin anew',
    });
    await superuser.query("SELECT pg_drop_replication_slot('replica')");
  });

  it('notices a connection in the clear', async () => {
    const observation = await seen(client, ['connection']);
    expect(validate(['connection'], observation, observation, { pending: [] })[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('not encrypted'),
    });
    expect(observation.connection).toMatchObject({ version: expect.stringMatching(`^${major}\\.\\d+$`) });
  });
});

it('finds nothing wrong with a database as RDS gives it, on every level', async () => {
  const server = await startServer();
  try {
    const client = await server.connect();
    await client.query(SCHEMA);
    const before = await seen(client, checksOf('comprehensive'), { tables: ['public.orders'] });
    const findings = validate(
      checksOf('comprehensive').filter((check) => check !== 'statistics'),
      before,
      before,
      { pending: [] },
    );
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    await client.end();
  } finally {
    await server.close();
  }
});

it('holds no value of any row', async () => {
  const server = await startServer();
  try {
    const client = await server.connect();
    await client.query(SCHEMA);
    await client.query('INSERT INTO orders (id, product) VALUES (987654, 1)');
    const observation = await seen(client, checksOf('comprehensive'), { tables: ['public.orders'] });
    expect(JSON.stringify(observation)).not.toContain('987654');
    await client.end();
  } finally {
    await server.close();
  }
});
