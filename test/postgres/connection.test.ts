import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Address, lookAt } from '../../src/postgres/connection';
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
const look = ({ credentials }: Server) => lookBy(JSON.stringify(credentials));

function lookBy(SecretString: string, at?: Address) {
  const client = new SecretsManagerClient({});
  jest.spyOn(client, 'send').mockImplementation(async () => ({ SecretString }));
  return lookAt(
    client,
    'the secret',
    async (database) => {
      const { rows } = await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return rows[0] as { ssl: boolean };
    },
    at,
  );
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

test('a secret that does not say where the database is leads nowhere, and nothing of it is told', async () => {
  const { username, password, dbname, host, port } = trusted.credentials;
  const managed = JSON.stringify({ username, password });
  const told = await lookBy(managed);
  expect(told).toEqual({
    unreachable:
      'the secret has no host, port, dbname, as one that RDS manages itself; name one in the settings that has all of them',
  });
  expect(JSON.stringify(told)).not.toContain(password);
  expect(await lookBy(JSON.stringify({ username, password, dbname }), { host, port })).toEqual({ ssl: true });
  const proxy = { ...trusted.credentials, host: 'shop.proxy-abcdefgh.eu-west-1.rds.amazonaws.com' };
  expect(await lookBy(JSON.stringify(proxy))).toEqual({
    unreachable: expect.stringMatching(/^the secret leads to an RDS Proxy, whose sessions are nobody's/),
  });
  expect(await lookBy('s3cret')).toEqual({
    unreachable: expect.stringMatching(/^the secret holds no JSON; /),
  });
});
