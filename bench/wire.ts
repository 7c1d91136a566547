import { ECS } from '@aws-sdk/client-ecs';
import { RDS } from '@aws-sdk/client-rds';
import { createFaults, startEndpoint } from '../local/endpoint';

const WARM_UP = 200;
const CALLS = 1000;

/** Milliseconds of one call, client and server together, one after the other. */
async function perCall(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await call();
  const started = performance.now();
  for (let i = 0; i < CALLS; i++) await call();
  return Math.round(((performance.now() - started) / CALLS) * 1000) / 1000;
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

/** What a call over the wire costs: XML (RDS) and JSON (ECS) through the real clients. */
export async function bench(): Promise<{ name: string; value: number; unit: string }[]> {
  const started = performance.now();
  const endpoint = await startEndpoint({
    services: [
      { signingName: 'rds', operations: { DescribeDBSnapshots: () => ({ DBSnapshots: [snapshot] }) } },
      { signingName: 'ecs', operations: { DescribeTasks: () => ({ tasks: [task], failures: [] }) } },
    ],
    authorise: () => {},
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId }),
  });
  const start = Math.round(performance.now() - started);
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'none' };
  const options = { endpoint: endpoint.url, region: 'eu-west-1', credentials };
  const rds = new RDS(options);
  const ecs = new ECS(options);
  try {
    return [
      { name: 'wire: endpoint for two services ready', value: start, unit: 'ms' },
      { name: 'wire: query call (RDS)', value: await perCall(() => rds.describeDBSnapshots({})), unit: 'ms' },
      {
        name: 'wire: JSON call (ECS)',
        value: await perCall(() => ecs.describeTasks({ tasks: ['t'] })),
        unit: 'ms',
      },
    ];
  } finally {
    rds.destroy();
    ecs.destroy();
    await endpoint.close();
  }
}
