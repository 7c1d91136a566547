import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { DBSnapshotAlreadyExistsFault } from '@aws-sdk/client-rds';
import { endpointWith } from './fixture';

const run = promisify(execFile);

function installed(): boolean {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const withCli = installed() ? test : test.skip;

const environment = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'tester',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_DEFAULT_OUTPUT: 'json',
  AWS_PAGER: '',
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
};
const aws = (url: string, command: string) =>
  run('aws', ['--endpoint-url', url, ...command.split(' ')], { env: environment });

withCli('the aws command line works unchanged, with query, JSON and CBOR services', async () => {
  const { endpoint } = await endpointWith({
    rds: {
      CreateDBSnapshot: ({ DBSnapshotIdentifier }: { DBSnapshotIdentifier: string }) => {
        throw new DBSnapshotAlreadyExistsFault({ message: `${DBSnapshotIdentifier} exists`, $metadata: {} });
      },
    },
    ecs: { ListTasks: () => ({ taskArns: ['arn:one'] }) },
    monitoring: {
      ListMetrics: () => ({ Metrics: [{ Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount' }] }),
    },
  });
  const tasks = await aws(endpoint.url, 'ecs list-tasks --cluster main');
  expect(JSON.parse(tasks.stdout)).toEqual({ taskArns: ['arn:one'] });
  const metrics = await aws(endpoint.url, 'cloudwatch list-metrics');
  expect(JSON.parse(metrics.stdout).Metrics).toHaveLength(1);
  const snapshot = 'rds create-db-snapshot --db-instance-identifier a --db-snapshot-identifier b';
  await expect(aws(endpoint.url, snapshot)).rejects.toMatchObject({
    stderr: expect.stringContaining(
      '(DBSnapshotAlreadyExists) when calling the CreateDBSnapshot operation: b exists',
    ),
  });
});
