import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { usage } from '../../src/postgres/usage';
import { type Server, startServer } from './server';

let server: Server;
beforeAll(async () => {
  server = await startServer();
  process.env.AWS_CA_BUNDLE = server.caFile;
  jest
    .spyOn(SecretsManagerClient.prototype, 'send')
    .mockImplementation(async () => ({ SecretString: JSON.stringify(server.credentials) }));
});
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env.AWS_CA_BUNDLE;
  await server?.close();
});

it('reads every statement of an application that has hundreds of them', async () => {
  const client = await server.connect();
  await client.query('CREATE EXTENSION pg_stat_statements; CREATE TABLE orders (id int)');
  for (let nth = 0; nth < 700; nth++) {
    // constants do not tell statements apart, operators do
    const digits = [...nth.toString(2)].map((digit) => `id ${digit === '1' ? '>' : '<'} 0`);
    await client.query(`SELECT FROM orders WHERE ${digits.join(' AND ')}`);
  }
  await client.end();
  const look = await usage
    .open({} as Parameters<typeof usage.open>[0])
    .of('secret', [], ['orders'], new Date(0).toISOString(), []);
  if ('unreachable' in look) throw new Error(look.unreachable);
  expect(look.counted.filter(({ text }) => text.startsWith('SELECT FROM orders'))).toHaveLength(700);
  expect(look.unseen).toBe('');
});
