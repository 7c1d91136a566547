import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { lookAt } from '../../src/postgres/connection';
import { type Server, startServer } from './server';

let trusted: Server;
let stranger: Server;

beforeAll(async () => {
  [trusted, stranger] = await Promise.all([startServer(), startServer()]);
  process.env.AWS_CA_BUNDLE = trusted.caFile;
}, 60_000);

afterAll(async () => {
  delete process.env.AWS_CA_BUNDLE;
  await Promise.all([trusted.close(), stranger.close()]);
});

/** What a look at a server sees, whose secret says how to get in. */
function look({ credentials }: Server) {
  const client = new SecretsManagerClient({});
  jest.spyOn(client, 'send').mockImplementation(async () => ({ SecretString: JSON.stringify(credentials) }));
  return lookAt(client, 'the secret', async (database) => {
    const { rows } = await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return rows[0] as { ssl: boolean };
  });
}

test('every look is encrypted, and only a server that an authority accepts is looked at', async () => {
  expect(await look(trusted)).toEqual({ ssl: true });
  expect(await look(stranger)).toMatchObject({ unreachable: expect.stringContaining('UNABLE_TO_VERIFY') });
  expect(await look(trusted)).toEqual({ ssl: true });
});

test('the authorities are read once, however many looks there are', async () => {
  await look(trusted);
  process.env.AWS_CA_BUNDLE = '/nowhere/ca.pem';
  expect(await look(trusted)).toEqual({ ssl: true });
});
