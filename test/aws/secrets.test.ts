import { createSecretsManager } from '../../local/services/secretsmanager';
import { secretRepointer } from '../../src/aws/secrets';
import { manualClock } from '../local/manual-clock';
import { suiteTables } from './suite-table';

const tables = suiteTables();
const caller = { accessKeyId: 'test' };
const now = () => new Date(clock.now());
let clock: ReturnType<typeof manualClock>;
let secrets: ReturnType<typeof createSecretsManager>;
/** What somebody else does between two calls of the port. */
let meanwhile: () => void;

const former = { host: 'shop', port: 5432, username: 'app', password: 'first', dbInstanceIdentifier: 'shop' };
const restored = { host: 'shop-2', port: 5433 };

function call(operation: string, input: object) {
  return secrets.operations[operation]!({ SecretId: 'login', ...input }, caller) as Record<string, unknown>;
}
const put = (value: object, VersionStages?: string[]) =>
  call('PutSecretValue', { SecretString: JSON.stringify(value), VersionStages }).VersionId;
const value = (VersionStage = 'AWSCURRENT') =>
  JSON.parse(String(call('GetSecretValue', { VersionStage }).SecretString));

beforeEach(async () => {
  clock = manualClock();
  secrets = createSecretsManager({
    clock,
    databases: { endpointOf: () => undefined, clusterEndpointOf: () => undefined },
  });
  secrets.operations.CreateSecret!({ Name: 'login', SecretString: JSON.stringify(former) }, caller);
  meanwhile = () => {};
  await tables.lead({
    secretsmanager: {
      ...secrets.operations,
      PutSecretValue: (...args) => {
        meanwhile();
        return secrets.operations.PutSecretValue!(...args);
      },
    },
  });
});
const environment = {
  table: '',
  topic: '',
  settingsPrefix: '',
  answers: '',
  phase: '',
  reports: '',
  stateMachine: '',
  redact: [],
};
const repoint = () => secretRepointer.open(environment).repoint('login', 'shop-2', restored, now());

it('puts the address of another instance into a secret, and keeps its user and its password', async () => {
  await repoint();
  expect(value()).toEqual({ ...former, ...restored, dbInstanceIdentifier: 'shop-2' });
  expect(value('AWSPREVIOUS')).toEqual(former);
});

it('gives the secret of a cluster the name of another cluster', async () => {
  const { dbInstanceIdentifier: dbClusterIdentifier, ...rest } = former;
  put({ ...rest, dbClusterIdentifier });
  await repoint();
  expect(value()).toEqual({ ...rest, ...restored, dbClusterIdentifier: 'shop-2' });
});

it('asked again changes nothing', async () => {
  await repoint();
  const { VersionId } = call('GetSecretValue', {});
  await repoint();
  expect(call('GetSecretValue', {}).VersionId).toBe(VersionId);
});

it('keeps a password that is rotated between its look and its change', async () => {
  meanwhile = () => {
    meanwhile = () => {};
    put({ ...former, password: 'second' });
  };
  await repoint();
  expect(value()).toEqual({ ...former, ...restored, password: 'second', dbInstanceIdentifier: 'shop-2' });
});

it('waits for a rotation that has prepared a version with the former address', async () => {
  const id = put({ ...former, password: 'second' }, ['AWSPENDING']);
  await expect(repoint()).rejects.toMatchObject({
    name: 'TransientFault',
    message: 'the secret login is being rotated, and its next version leads to the former database',
  });
  const { VersionId } = call('GetSecretValue', {});
  const labels = { VersionStage: 'AWSCURRENT', MoveToVersionId: id, RemoveFromVersionId: VersionId };
  call('UpdateSecretVersionStage', labels);
  await repoint();
  expect(value()).toEqual({ ...former, ...restored, password: 'second', dbInstanceIdentifier: 'shop-2' });
});

it('does not wait for one that was given up long ago', async () => {
  put({ ...former, password: 'never' }, ['AWSPENDING']);
  clock.advance(16 * 60_000);
  await repoint();
  expect(value()).toEqual({ ...former, ...restored, dbInstanceIdentifier: 'shop-2' });
});

it('gives up when somebody changes the secret each time, and has changed nothing', async () => {
  let changes = 0;
  meanwhile = () => {
    changes += 1;
    // the change of the test itself goes through the service, not through the endpoint
    put({ ...former, password: `changed ${changes}` });
  };
  await expect(repoint()).rejects.toMatchObject({ name: 'TransientFault' });
  expect(value()).toEqual({ ...former, password: 'changed 5' });
});
