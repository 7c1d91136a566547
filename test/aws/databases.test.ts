import {
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  InvalidDBInstanceStateFault,
} from '@aws-sdk/client-rds';
import { databaseReader, restoreFinisher } from '../../src/aws/databases';
import { endpointWith } from '../local/endpoint/fixture';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

const $metadata = {};
const instanceMissing = () =>
  new DBInstanceNotFoundFault({ message: 'DBInstance new not found.', $metadata });
const clusterMissing = () => new DBClusterNotFoundFault({ message: 'DBCluster new not found.', $metadata });
const refused = () => new InvalidDBInstanceStateFault({ message: 'not now', $metadata });

/** An RDS that answers every look so. */
async function rds(error: () => Error) {
  const fail = () => {
    throw error();
  };
  const { endpoint } = await endpointWith({ rds: { DescribeDBInstances: fail, DescribeDBClusters: fail } });
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  });
}

it.each([
  ['instance', instanceMissing, 'DBInstance new not found.'],
  ['cluster', clusterMissing, 'DBCluster new not found.'],
] as const)('a restored %s that RDS does not show yet is on its way', async (kind, error, detail) => {
  await rds(error);
  const finisher = restoreFinisher.open({} as never);
  expect(await finisher.finish({ kind, name: 'new' }, 'old', 'release')).toEqual({
    ...{ status: 'creating', free: false, detail, address: null },
  });
});

it.each([
  [
    'any other refusal of a look at what is restored',
    refused,
    () => restoreFinisher.open({} as never).finish({ kind: 'instance', name: 'new' }, 'old', 'release'),
  ],
  [
    'a database that is not there and was not just restored',
    instanceMissing,
    () => databaseReader.open({} as never).state({ kind: 'instance', name: 'new' }),
  ],
])('%s is an error', async (_, error, look) => {
  await rds(error);
  await expect(look()).rejects.toThrow(error().message);
});
