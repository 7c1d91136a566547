import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ResourceNotFoundException } from '@aws-sdk/client-lambda';
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
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

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

withCli('the aws command line invokes a function, and reads its error and the service’s', async () => {
  const { endpoint } = await endpointWith({
    lambda: {
      Invoke: ({ FunctionName, Payload }: { FunctionName: string; Payload: Uint8Array }) => {
        if (FunctionName !== 'check')
          throw new ResourceNotFoundException({ Message: '', message: `no ${FunctionName}`, $metadata: {} });
        const { fail } = JSON.parse(Buffer.from(Payload).toString());
        return { StatusCode: 200, Payload, ...(fail && { FunctionError: 'Unhandled' }) };
      },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-cli-test-'));
  folders.push(folder);
  const invoke = async (name: string, payload: string) => {
    // bytes of a file are the one form that both major versions of the command line take as they are
    writeFileSync(join(folder, 'event.json'), payload);
    const [event, answer] = [join(folder, 'event.json'), join(folder, 'answer.json')];
    const { stdout } = await aws(
      endpoint.url,
      `lambda invoke --function-name ${name} --payload fileb://${event} ${answer}`,
    );
    return { ...JSON.parse(stdout), answer: readFileSync(answer, 'utf8') };
  };
  expect(await invoke('check', '{"n":1}')).toEqual({ StatusCode: 200, answer: '{"n":1}' });
  expect(await invoke('check', '{"fail":true}')).toMatchObject({ FunctionError: 'Unhandled' });
  await expect(invoke('gone', '{}')).rejects.toMatchObject({
    stderr: expect.stringContaining('(ResourceNotFoundException) when calling the Invoke operation: no gone'),
  });
});
