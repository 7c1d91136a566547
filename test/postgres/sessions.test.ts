import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { database } from '../../src/postgres/database';
import { interference } from '../../src/postgres/interference';
import { missingRights } from '../../src/postgres/rights';
import { sessions } from '../../src/postgres/sessions';
import { type Server, startServer } from './server';

let server: Server;
let clients: Client[] = [];
beforeAll(async () => {
  server = await startServer({ max_prepared_transactions: '5' });
  process.env.AWS_CA_BUNDLE = server.caFile;
  jest
    .spyOn(SecretsManagerClient.prototype, 'send')
    .mockImplementation(async () => ({ SecretString: JSON.stringify(server.credentials) }));
  const client = await server.connect();
  await client.query('CREATE TABLE orders (id int); CREATE TABLE products (id int)');
  await client.query('CREATE TABLE lines (id int, amount int); INSERT INTO lines VALUES (1, 1), (2, 1)');
  await client.end();
}, 60_000);
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => {})));
  clients = [];
});
afterAll(async () => {
  delete process.env.AWS_CA_BUNDLE;
  await server.close();
});

const environment = {} as Parameters<typeof sessions.open>[0];
const seen = sessions.open(environment);
const acting = interference.open(environment);
const looked = database.open(environment);
const now = async () => {
  const clock = await seen.clock('the secret');
  return 'at' in clock ? clock.at : '';
};

/** A session of its own, in a transaction that has executed a statement. */
async function within(name: string, statement: string): Promise<number> {
  const client = await server.connect();
  client.on('error', () => {});
  clients.push(client);
  await client.query(`SET application_name = '${name}'`);
  await client.query('BEGIN');
  await client.query(statement);
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
}

it('names sessions whose transactions hold locks and have been open for longer, with their tables', async () => {
  await within('pg_dump', 'LOCK TABLE orders, products IN ACCESS SHARE MODE');
  await within('greenlight-release-1', 'LOCK TABLE orders IN ACCESS SHARE MODE');
  await within('idle', 'SELECT 1');
  const found = await acting.holding('the secret', 0);
  expect(found).toEqual({
    transactions: [{ name: 'pg_dump', seconds: expect.any(Number), tables: ['orders', 'products'] }],
  });
  expect(await acting.holding('the secret', 600)).toEqual({ transactions: [] });
});

it('names a prepared transaction that holds locks, which no session does', async () => {
  const client = await server.connect();
  await client.query("BEGIN; LOCK TABLE orders IN ACCESS SHARE MODE; PREPARE TRANSACTION 'payment-7'");
  const found = await acting.holding('the secret', 0);
  await client.query("ROLLBACK PREPARED 'payment-7'");
  await client.end();
  expect(found).toMatchObject({
    transactions: expect.arrayContaining([
      { name: "prepared transaction 'payment-7'", seconds: expect.any(Number), tables: ['orders'] },
    ]),
  });
});

describe('the watch over a migration', () => {
  /** A statement that waits behind a reader of orders; resolves with how it ended once it has waited. */
  async function waiting(name: string, statement: string) {
    const client = await server.connect();
    client.on('error', () => {});
    clients.push(client);
    await client.query(`SET application_name = '${name}'`);
    const ended = client.query(statement).then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
    const pid = (client as unknown as { processID: number }).processID;
    const look = await server.connect();
    const waits = async () =>
      (
        await look.query('SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted AND waitstart IS NOT NULL', [
          pid,
        ])
      ).rows.length > 0;
    while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 20));
    await look.end();
    return { ended };
  }
  const watch = (lockSeconds: number, withinSeconds = 600) =>
    acting.watch('the secret', {
      ...{ application: 'greenlight-release-7', roles: [], withinSeconds },
      ...{ lockSeconds, blockedSeconds: 0 },
    });
  beforeEach(() => within('pg_dump', 'LOCK TABLE orders IN ACCESS SHARE MODE'));

  it('cancels what others wait behind, also of a session that bears no name, and nothing sooner', async () => {
    const { ended } = await waiting('PostgreSQL JDBC Driver', 'ALTER TABLE orders ADD COLUMN later text');
    expect(await watch(600)).toMatchObject({
      sessions: [
        {
          name: 'PostgreSQL JDBC Driver',
          named: false,
          waitsFor: 'orders',
          waitsSeconds: expect.any(Number),
        },
      ],
      cancelled: [],
    });
    expect(await watch(0, 0)).toMatchObject({ sessions: [], cancelled: [] });
    expect(await watch(0)).toMatchObject({
      sessions: [{ named: false }],
      cancelled: [{ name: 'PostgreSQL JDBC Driver', seconds: expect.any(Number), table: 'orders' }],
    });
    expect(await ended).toBe('57014');
  });

  it('counts who waits behind the migration, also behind one that waits, and none that waits for somebody else', async () => {
    await within('greenlight-release-7', 'ALTER TABLE products ADD COLUMN later int');
    const first = await waiting('shop v1', 'SELECT * FROM products');
    const writer = await server.connect();
    writer.on('error', () => {});
    clients.push(writer);
    await writer.query("SET application_name = 'shop v1'; BEGIN; UPDATE lines SET amount = 2 WHERE id = 1");
    const second = writer.query('SELECT * FROM products').catch(() => {});
    const third = await waiting('a report', 'UPDATE lines SET amount = 3 WHERE id = 1');
    await within('somebody else', 'UPDATE lines SET amount = 4 WHERE id = 2');
    const elsewhere = await waiting('a job', 'UPDATE lines SET amount = 5 WHERE id = 2');
    const look = await watch(600);
    expect(look).toMatchObject({
      sessions: [{ named: true, waitsFor: null, holds: ['AccessExclusiveLock on products'] }],
      blocked: 3,
      blockedLong: 3,
      blockedNames: ['a report', 'shop v1'],
      walBytes: expect.any(Number),
      lagSeconds: null,
      slotBytes: null,
    });
    const { sessions } = look as { sessions: { pid: number }[] };
    expect(
      await acting.end(
        'the secret',
        'nobody',
        sessions.map(({ pid }) => pid),
      ),
    ).toEqual({ ended: 1 });
    // nobody is left behind it
    await first.ended;
    await second;
    await writer.query('ROLLBACK');
    expect(await watch(600)).toMatchObject({ sessions: [], blocked: 0 });
    for (const client of clients.splice(0)) await client.end().catch(() => {});
    await Promise.all([third.ended, elsewhere.ended]);
  });

  it('lets an index wait that is built concurrently, and sessions of others', async () => {
    await within('writer', 'INSERT INTO products VALUES (2)');
    const built = await waiting('greenlight-release-7', 'CREATE INDEX CONCURRENTLY later ON products (id)');
    const other = await waiting('greenlight-release-8', 'ALTER TABLE products ADD COLUMN later int');
    expect(await watch(0)).toMatchObject({ sessions: [{ named: true }], cancelled: [] });
    for (const client of clients.splice(0)) await client.end().catch(() => {});
    await Promise.all([built.ended, other.ended]);
  });
});

it('knows the sessions of a migration by their name, and one without a name by its locks', async () => {
  await within('a job', 'CREATE TABLE jobs (id int)');
  const since = await now();
  const named = await within('greenlight-release-1', 'SELECT 1');
  const unnamed = await within('PostgreSQL JDBC Driver', 'ALTER TABLE orders ADD COLUMN note text');
  await within('shop v1', 'INSERT INTO products VALUES (1)');
  await within('greenlight-release-2', 'CREATE TABLE parcels (id int)');
  const look = await looked.look(
    'the secret',
    { tool: 'dbmate' },
    { application: 'greenlight-release-1', roles: [], since },
  );
  expect(look).toMatchObject({ backends: [named, unnamed].sort((a, b) => a - b) });
  const alone = await looked.look(
    'the secret',
    { tool: 'dbmate' },
    { application: 'greenlight-release-1', roles: [] },
  );
  expect(alone).toMatchObject({ backends: [named] });
});

it('ends the sessions of a name and no other', async () => {
  const mine = await within('greenlight-release-1', 'SELECT 1');
  const other = await within('greenlight-release-2', 'SELECT 1');
  expect(await acting.end('the secret', 'greenlight-release-1')).toEqual({ ended: 1 });
  const application = 'greenlight-release-2';
  expect(await looked.look('the secret', { tool: 'dbmate' }, { application, roles: [] })).toMatchObject({
    backends: [other],
  });
  for (let backends = [mine]; backends.includes(mine); ) {
    const look = await looked.look(
      'the secret',
      { tool: 'dbmate' },
      { application: 'greenlight-release-1', roles: [] },
    );
    backends = 'backends' in look ? look.backends : backends;
  }
});

test('a database of Amazon Aurora is known by its function, and no other is taken for one', async () => {
  expect(await seen.clock('the secret')).toMatchObject({ aurora: false });
  const client = await server.connect();
  try {
    await client.query(`CREATE FUNCTION aurora_version() RETURNS text LANGUAGE sql RETURN '16.4.0'`);
    expect(await seen.clock('the secret')).toMatchObject({ aurora: true });
  } finally {
    await client.query('DROP FUNCTION IF EXISTS aurora_version()');
    await client.end();
  }
});

describe('an application that works under roles of its own', () => {
  const logins = ['app_rw', 'reporting', 'looker'];
  const secret = jest.fn(() => server.credentials);
  beforeAll(async () => {
    jest
      .spyOn(SecretsManagerClient.prototype, 'send')
      .mockImplementation(async () => ({ SecretString: JSON.stringify(secret()) }));
    const client = await server.connect();
    for (const login of logins) await client.query(`CREATE ROLE ${login} LOGIN PASSWORD 'known'`);
    await client.end();
  });
  afterEach(() => void secret.mockReset().mockImplementation(() => server.credentials));

  async function session(user: string, name: string): Promise<void> {
    const { host, port, dbname: database } = server.credentials;
    const ssl = { rejectUnauthorized: false };
    const client = new Client({ host, port, database, user, password: 'known', application_name: name, ssl });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
  }

  it('has its sessions found by their names, and is not found by the secret alone', async () => {
    await session('app_rw', 'shop v1');
    await session('reporting', 'psql');
    const later = await now();
    expect(await seen.olderThan('the secret', [], later, [])).toEqual({
      sessions: {},
      works: false,
      strangers: ['app_rw', 'reporting'],
    });
    expect(await seen.olderThan('the secret', ['app_rw'], later, [])).toEqual({
      sessions: { 'shop v1': 1 },
      works: true,
      strangers: ['reporting'],
    });
  });

  it('is at work in the eyes of a role that may not see since when', async () => {
    const before = await now();
    await session('app_rw', 'shop v2');
    expect(await seen.olderThan('the secret', ['app_rw'], before, [])).toMatchObject({
      sessions: {},
      works: true,
    });
    secret.mockImplementation(() => ({ ...server.credentials, username: 'looker', password: 'known' }));
    expect(await seen.olderThan('the secret', ['app_rw'], before, [])).toMatchObject({
      sessions: { 'shop v2': 1 },
      works: true,
    });
  });

  it('is seen by a user who only reads, once that one may see what it has to', async () => {
    const rights = (roles: string[]) => seen.rights('the secret', roles);
    const admin = await server.connect();
    await admin.query('CREATE SCHEMA app_rw; GRANT USAGE ON SCHEMA app_rw TO looker');
    await admin.query('REVOKE ALL ON orders FROM PUBLIC; CREATE SEQUENCE app_rw.numbers');
    secret.mockImplementation(() => ({ ...server.credentials, username: 'looker', password: 'known' }));
    expect(await rights(['app_rw', 'nobody'])).toEqual({
      missing: [
        expect.stringMatching(/^cannot see since when .*GRANT pg_read_all_stats/),
        expect.stringMatching(/^cannot read app_rw\.numbers, .*public\.orders.*: GRANT SELECT on all tables/),
        // its own schema comes first for one of the two
        expect.stringMatching(/^means other tables than app_rw by names without a schema/),
        'knows no role nobody of database.roles',
      ],
    });
    await admin.query('DROP SCHEMA app_rw CASCADE; GRANT app_rw TO looker');
    await admin.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker');
    // a member sees since when its own role's sessions are there
    expect(await rights(['app_rw'])).toEqual({ missing: [] });
    await admin.query('REVOKE app_rw FROM looker');
    await admin.end();
  });

  it('is not looked at by way of a standby', async () => {
    // no server of a test has one: what the server says is what is played
    const query = async (sql: string) => ({
      rows: /recovery/.test(sql) ? [{ standby: true, blind: false }] : [],
    });
    expect(await missingRights({ query } as never, [])).toEqual([
      'is connected to a standby, which does not know who works on the database',
    ]);
  });

  it('has the locks of its migrations watched', async () => {
    const { host, port, dbname: database } = server.credentials;
    const client = new Client({
      host,
      port,
      database,
      user: 'app_rw',
      password: 'known',
      ssl: { rejectUnauthorized: false },
    });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    const admin = await server.connect();
    await admin.query('GRANT CREATE ON SCHEMA public TO app_rw');
    await admin.end();
    await client.query('BEGIN; CREATE TABLE notes (id int)');
    const watch = (roles: string[]) =>
      acting.watch('the secret', {
        ...{ application: 'greenlight-release-7', roles, withinSeconds: 600 },
        ...{ lockSeconds: 5, blockedSeconds: 5 },
      });
    expect(await watch([])).toMatchObject({ sessions: [] });
    expect(await watch(['app_rw'])).toMatchObject({ sessions: [{ named: false }] });
  });
});
