import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Client } from 'pg';
import type { ReaderAt } from '../../src/postgres/readers';
import { sessions } from '../../src/postgres/sessions';
import { usage } from '../../src/postgres/usage';
import { type Server, startServer } from './server';

let server: Server;
let clients: Client[] = [];
beforeAll(async () => {
  server = await startServer({}, 'cluster');
  process.env.AWS_CA_BUNDLE = server.caFile;
  jest
    .spyOn(SecretsManagerClient.prototype, 'send')
    .mockImplementation(async () => ({ SecretString: JSON.stringify(server.credentials) }));
  const client = await server.connect();
  await client.query('CREATE TABLE orders (id int); CREATE EXTENSION pg_stat_statements');
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
const counts = usage.open(environment);

async function session(name: string, at?: ReaderAt): Promise<Client> {
  const client = await server.connect(at?.address);
  client.on('error', () => {});
  clients.push(client);
  await client.query(`SET application_name = '${name}'`);
  return client;
}

describe('a database with a reader', () => {
  const reader = async (): Promise<ReaderAt> => ({
    ...{ name: 'shop-2', status: 'available' },
    address: await server.reader(),
  });

  it('has old sessions where the reader alone knows them, by how long an instant is ago', async () => {
    const at = await reader();
    await session('shop v1', at);
    const clock = await seen.clock('the secret');
    expect(clock).toMatchObject({ aurora: true, reads: false });
    const instant = 'at' in clock ? clock.at : '';
    expect(await seen.olderThan('the secret', [], instant, [])).toEqual({
      ...{ sessions: {}, works: false, strangers: [] },
    });
    expect(await seen.olderThan('the secret', [], instant, [at])).toEqual({
      sessions: { 'shop v1 on reader shop-2': 1 },
      works: true,
      strangers: [],
    });
    const hourAgo = new Date(Date.parse(instant) - 3_600_000).toISOString();
    expect(await seen.olderThan('the secret', [], hourAgo, [at])).toMatchObject({
      sessions: {},
      works: true,
    });
  }, 60_000);

  it('cannot be judged while a reader cannot be looked at', async () => {
    const deaf = { ...(await reader()), address: { host: '127.0.0.1', port: 1 } };
    expect(await seen.olderThan('the secret', [], 'now', [deaf])).toEqual({
      unreachable: expect.stringMatching(/^reader shop-2: ECONNREFUSED/),
    });
    const young = { name: 'shop-3', status: 'creating' };
    expect(await seen.olderThan('the secret', [], 'now', [young])).toEqual({
      unreachable: 'reader shop-3: it is creating',
    });
  }, 60_000);

  it('has its statements counted by each instance that executes them', async () => {
    const at = await reader();
    const statement = 'SELECT count(*) FROM orders';
    await (await session('shop v1')).query(statement);
    const there = await session('shop v1', at);
    for (let times = 0; times < 3; times++) await there.query(statement);
    const look = async (readers: ReaderAt[]) => {
      const found = await counts.of('the secret', [], ['orders'], 'now', readers);
      return 'counted' in found ? found.counted.filter(({ text }) => text === statement) : found;
    };
    expect(await look([])).toMatchObject([{ calls: 1 }]);
    expect(await look([at])).toMatchObject([
      { calls: 1 },
      { calls: 3, key: expect.stringMatching(/^shop-2\//) },
    ]);
    expect(
      await counts.of('the secret', [], ['orders'], 'now', [{ name: 'shop-3', status: 'creating' }]),
    ).toMatchObject({ unseen: 'reader shop-3 cannot be looked at: it is creating' });
  }, 60_000);
});
