import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres, type TestDatabase } from './postgres';
import { migrate, type RunningShop, startShop } from './shop';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await startPostgres();
  const { DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD } = database.environment;
  client = new pg.Client({
    host: DB_HOST,
    port: Number(DB_PORT),
    database: DB_NAME,
    user: DB_USER,
    password: DB_PASSWORD,
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.stop();
});

const up = (version: string, extra = {}) => migrate(version, ['up'], { ...database.environment, ...extra });
const revert = (version: string, to: string) => migrate(version, ['revert', to], database.environment);
const column = async (table: string, name: string) =>
  (
    await client.query(
      'select 1 from information_schema.columns where table_name = $1 and column_name = $2',
      [table, name],
    )
  ).rowCount === 1;
const appliedVersions = async () =>
  (await client.query('select version from schema_migrations order by 1')).rows.map((row) => row.version);

async function until(condition: () => boolean | Promise<boolean>) {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen within 30 s');
    await setTimeout(10);
  }
}

async function withShop(version: string, use: (shop: RunningShop) => Promise<void>) {
  const shop = await startShop(version, database.environment);
  try {
    await use(shop);
  } finally {
    await shop.stop();
  }
}
const order = (shop: RunningShop, body: unknown) =>
  fetch(`${shop.url}/orders`, { method: 'POST', body: JSON.stringify(body) });

describe('migrations', () => {
  it('create the shop with its 10,000 rows and can be taken back to nothing', async () => {
    expect(await up('v1')).toMatchObject({ code: 0 });
    const { rows } = await client.query(
      'select (select count(*)::int from products) as products, (select count(*)::int from orders) as orders',
    );
    expect(rows).toEqual([{ products: 8000, orders: 2000 }]);

    expect(await revert('v1', '0')).toMatchObject({ code: 0 });
    expect(await column('products', 'id')).toBe(false);
    expect(await appliedVersions()).toEqual([]);
  });

  it('are reverted one by one until the given version is the newest', async () => {
    await up('v2');
    expect(await column('orders', 'note')).toBe(true);

    expect(await revert('v2', '20260105090000')).toMatchObject({ code: 0 });

    expect(await column('orders', 'note')).toBe(false);
    expect(await appliedVersions()).toEqual(['20260105090000']);
  });

  it('of v4 fail half-way on existing data and leave the first of two applied', async () => {
    await up('v2');

    const { code, output } = await up('v4');

    expect(code).not.toBe(0);
    expect(output).toContain('null value in column "name"');
    expect(await column('products', 'supplier_id')).toBe(true);
    expect(await column('suppliers', 'id')).toBe(false);
    expect(await appliedVersions()).toEqual(['20260105090000', '20260112090000', '20260126090000']);

    expect(await revert('v4', '20260112090000')).toMatchObject({ code: 0 });
    expect(await column('products', 'supplier_id')).toBe(false);
  });

  it('hand the name and the options of the environment to the server', async () => {
    await client.query(`create function whoami() returns event_trigger language plpgsql as $$
      begin raise notice 'seen % %', current_setting('application_name'), current_setting('lock_timeout'); end $$`);
    await client.query('create table seen as select null::text as application, null::text as lock_timeout');
    await client.query(`create or replace function whoami() returns event_trigger language plpgsql as $$
      begin insert into seen values (current_setting('application_name'), current_setting('lock_timeout')); end $$`);
    await client.query('create event trigger whoami on ddl_command_end execute function whoami()');
    await revert('v2', '20260105090000');
    await up('v2', { PGAPPNAME: 'greenlight 42', PGOPTIONS: '-c lock_timeout=1234ms' });
    await client.query('drop event trigger whoami');

    const { rows } = await client.query('select distinct application, lock_timeout from seen');
    expect(rows).toContainEqual({ application: 'greenlight 42', lock_timeout: '1234ms' });
  });

  it.each([[['up', 'now']], [['revert']], [['revert', 'v1']], [[]]])(
    'explain the usage of %j',
    async (args) => {
      expect(await migrate('v2', args, database.environment)).toMatchObject({
        code: 2,
        output: expect.stringContaining('usage:'),
      });
    },
  );

  it('never revert to a version that was not applied', async () => {
    const before = await appliedVersions();
    expect(await revert('v2', '20250101000000')).toMatchObject({
      code: 1,
      output: expect.stringContaining('version 20250101000000 is not applied'),
    });
    expect(await appliedVersions()).toEqual(before);
  });

  it('neither trust an unknown certificate nor print the password', async () => {
    for (const args of [['up'], ['revert', '0']]) {
      const { code, output } = await migrate('v2', args, { ...database.environment, AWS_CA_BUNDLE: '' });
      expect(code).not.toBe(0);
      expect(output).toMatch(/certificate/);
      expect(output).not.toContain(encodeURIComponent(database.environment.DB_PASSWORD!));
      expect(output).not.toContain(database.environment.DB_PASSWORD);
    }
  });
});

describe('the shop', () => {
  beforeAll(() => up('v2'));

  it('answers for products and orders and names its version', async () => {
    await withShop('v1', async (shop) => {
      const product = await fetch(`${shop.url}/products/7`);
      expect(product.headers.get('x-version')).toBe('v1');
      expect(await product.json()).toEqual({ id: 7, name: 'Product 7', price_cents: 107 });
      expect(await (await fetch(`${shop.url}/products?after=20`)).json()).toHaveLength(20);
      expect(await (await fetch(`${shop.url}/version`)).json()).toEqual({ version: 'v1' });
      expect((await fetch(`${shop.url}/health`)).status).toBe(200);
    });
  });

  it('of v1 keeps taking orders on the schema of v2', async () => {
    await withShop('v1', async (shop) => {
      const created = await order(shop, { productId: 3, quantity: 2 });
      expect(created.status).toBe(201);
      const { id } = (await created.json()) as { id: string };
      const read = (await (await fetch(`${shop.url}/orders/${id}`)).json()) as object;
      expect(read).toMatchObject({ id, product_id: 3, quantity: 2 });
      expect(read).not.toHaveProperty('note');
    });
  });

  it('of v2 keeps a note with an order', async () => {
    await withShop('v2', async (shop) => {
      const created = await order(shop, { productId: 3, quantity: 2, note: 'ring twice' });
      expect(await created.json()).toMatchObject({ product_id: 3, note: 'ring twice' });
    });
  });

  it.each([
    ['{', 400],
    [{ productId: 'x', quantity: 1 }, 400],
    [{ productId: 1, quantity: 0 }, 400],
    [{ productId: 2 ** 40, quantity: 1 }, 400],
    [{ productId: 9_999, quantity: 1 }, 404],
  ])('answers the order %j with %i', async (body, status) => {
    await withShop('v2', async (shop) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect((await fetch(`${shop.url}/orders`, { method: 'POST', body: text })).status).toBe(status);
    });
  });

  it.each(['/products/x', '/products/0', '/products/8001', '/orders/99999999999', '/nothing', '/'])(
    'does not find %s',
    async (path) => {
      await withShop('v2', async (shop) => expect((await fetch(shop.url + path)).status).toBe(404));
    },
  );

  it('of v3 is healthy and fails for a third of the products', async () => {
    await withShop('v3', async (shop) => {
      expect((await fetch(`${shop.url}/health`)).status).toBe(200);
      const statuses = await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (id) => (await fetch(`${shop.url}/products/${id}`)).status),
      );
      expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
      expect(shop.log.join('\n')).toContain('division by zero');
    });
  });

  it('of v5 never becomes healthy: it ends with code 1 and says why', async () => {
    await expect(startShop('v5', database.environment)).rejects.toThrow(/ended with 1.*stock_levels/s);
  });

  it('is unhealthy while the database does not answer', async () => {
    const shop = await startShop('v2', { ...database.environment, DB_NAME: 'elsewhere' });
    const health = await fetch(`${shop.url}/health`);
    expect(health.status).toBe(503);
    expect(await health.text()).toContain('does not exist');
    expect((await fetch(`${shop.url}/products/1`)).status).toBe(500);
    expect(await shop.stop()).toBe(0);
  });

  it('finishes what is in flight when it is stopped, and ends with code 0', async () => {
    const shop = await startShop('v2', database.environment);
    await client.query('begin');
    await client.query('lock table orders in access exclusive mode');
    const pending = order(shop, { productId: 1, quantity: 1 });
    await until(async () => (await client.query('select 1 from pg_locks where not granted')).rowCount === 1);
    const stopped = shop.stop();
    await until(() => shop.log.some((line) => line.includes('stopping')));
    await client.query('rollback');

    const answer = await pending;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await stopped).toBe(0);
    expect(shop.log.join('\n')).not.toContain(database.environment.DB_PASSWORD);
  });
});
