import { ECS } from '@aws-sdk/client-ecs';
import { RDS } from '@aws-sdk/client-rds';
import { createFaults, startEndpoint } from '../../local/endpoint';

/** Prints what a call over the wire of a build's endpoint costs, in milliseconds. */
const WARM_UP = 200;
const CALLS = 1000;

/** Milliseconds of one call, client and server together, one after the other. */
async function perCall(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await call();
  const started = performance.now();
  for (let i = 0; i < CALLS; i++) await call();
  return (performance.now() - started) / CALLS;
}

const snapshot = {
  DBSnapshotIdentifier: 'before',
  DBInstanceIdentifier: 'shop',
  Status: 'available',
  PercentProgress: 100,
  SnapshotCreateTime: new Date(0),
  TagList: [{ Key: 'deployment', Value: 'd-1' }],
};
const task = { taskArn: 'arn', lastStatus: 'STOPPED', containers: [{ name: 'app', exitCode: 0 }] };

async function main(): Promise<void> {
  const began = performance.now();
  const endpoint = await startEndpoint({
    services: [
      { signingName: 'rds', operations: { DescribeDBSnapshots: () => ({ DBSnapshots: [snapshot] }) } },
      { signingName: 'ecs', operations: { DescribeTasks: () => ({ tasks: [task], failures: [] }) } },
    ],
    authorise: () => {},
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId }),
  });
  const ready = performance.now() - began;
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'none' };
  const options = { endpoint: endpoint.url, region: 'eu-west-1', credentials };
  const rds = new RDS(options);
  const ecs = new ECS(options);
  const query = await perCall(() => rds.describeDBSnapshots({}));
  const json = await perCall(() => ecs.describeTasks({ tasks: ['t'] }));
  console.log(JSON.stringify({ ready, query, json }));
  rds.destroy();
  ecs.destroy();
  await endpoint.close();
}

void main();
