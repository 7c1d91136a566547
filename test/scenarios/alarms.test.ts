import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { AlarmName } from '../../lib';
import type { Fault } from '../../local/endpoint';
import { type Listener, listen } from './listener';
import { measured } from './measured';
import { expectServing, servingNow } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';
import { rowOf, until } from './world/ground';

jest.setTimeout(240_000);

const SPEED = 20;

let world: World;
let listener: Listener;
beforeAll(async () => {
  world = await startWorld({ rate: 100, speed: SPEED });
  listener = await listen(world);
});
afterAll(async () => {
  await listener?.close();
  await world?.close();
});

const minutes = (count: number) => new Promise((resolve) => setTimeout(resolve, (count * 60_000) / SPEED));
const release = { image: 'shop:v2', ...quick };

/** Until it is over: what goes off once more is heard only after that. */
const calm = (...names: AlarmName[]) =>
  until(async () => {
    const states = await listener.states();
    return names.every((name) => states[name] === 'OK') || undefined;
  });

/** Does something, and resolves once each of these alarms, and no other one, was heard because of it. */
async function makesHeard(names: AlarmName[], act: () => Promise<unknown>): Promise<void> {
  await calm(...names);
  const before = listener.alarms();
  const count = (name: AlarmName) => before.filter((one) => one === name).length;
  await act();
  for (const name of names) await listener.hears(name, count(name));
  expect([...new Set(listener.alarms().slice(before.length))].sort()).toEqual([...names].sort());
}

it('a deployment that goes well sets off none', async () => {
  expect((await world.deploy(release)).outcome).toBe('DeploymentSucceeded');
  // longer than any of them looks back
  await minutes(7);
  expect(listener.alarms()).toEqual([]);
  const states = Object.entries(await listener.states());
  expect(states).toHaveLength(11);
  expect(states.filter(([, state]) => state !== 'OK')).toEqual([]);
});

it('a rollback at the deadline of a phase tells that an execution failed, and that a phase took too long', async () => {
  await makesHeard(['executionFailed', 'phaseBeyondDeadline'], async () => {
    // before it has crashed so often that nobody waits for it
    const deadlines = { greenSeconds: 10 };
    expect((await world.deploy({ ...release, image: 'shop:v5', deadlines })).outcome).toBe('RolledBack');
  });
});

it('a version that users find bad tells that an execution failed; how soon they were back, and what they lost, is measured', async () => {
  const before = await measured(world);
  const count = listener.alarms().filter((name) => name === 'executionFailed').length;
  await calm('executionFailed');
  expect((await world.deploy({ ...quick, ...sick, image: 'shop:v3' })).outcome).toBe('RolledBack');
  await listener.hears('executionFailed', count);
  const after = await measured(world);
  const more = (name: string) => after[name]! - (before[name] ?? 0);
  expect(more('RolledBack')).toBe(1);
  expect(more('VerdictToBlueSeconds')).toBeGreaterThan(0);
  expect(more('LostRequests')).toBeGreaterThan(0);
});

it('an execution that somebody stops, and its recovery, are told', async () => {
  const before = await servingNow(world);
  await makesHeard(['executionAborted', 'reconcilerFound', 'executionFailed'], async () => {
    const name = await world.abandon(release, { state: 'StartGreen', when: 'after' });
    expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  });
  await expectServing(world, before);
});

it('a migration beyond five minutes is told while it runs', async () => {
  await makesHeard(['slowMigration'], async () => {
    const patch = { tasks: { lastStatus: 'RUNNING' } };
    world.fault({ operation: 'ecs:DescribeTasks', kind: 'override', role: 'CheckMigration', patch });
    const deadlines = { migrationSeconds: 3600 };
    const execution = await world.start({
      service: 'shop',
      reason: 'a test',
      ...release,
      image: 'shop:v4',
      deadlines,
    });
    await listener.hears('slowMigration');
    expect(await world.path(execution)).not.toContain('VerifyMigration');
    world.mend();
    await world.ended(execution);
    await world.rest();
  });
});

it.each<[string, Fault]>([
  [
    'an error that the graph does not expect',
    { operation: 'ecs:DescribeServices', kind: 'deny', role: 'GreenlightInspectLive' },
  ],
  [
    'a function that takes too long',
    { operation: 'lambda:Invoke', kind: 'timeout', target: 'GreenlightInspectLive', times: 1 },
  ],
  [
    'a function whose process ends',
    { operation: 'lambda:Invoke', kind: 'kill', target: 'GreenlightInspectLive', times: 1 },
  ],
])('%s is told', async (_, fault) => {
  await calm('functionErrors');
  const before = listener.alarms().filter((name) => name === 'functionErrors').length;
  world.fault(fault);
  await world.deploy({ ...release, dryRun: true });
  await listener.hears('functionErrors', before);
  world.mend();
});

it('a reconciler that fails is told, and what it was given up for is in the queue', async () => {
  world.fault({ operation: 'ssm:GetParametersByPath', kind: 'deny', role: 'GreenlightReconcile' });
  await listener.hears('reconcilerFailed');
  await listener.hears('undelivered');
  world.mend();
  await calm('reconcilerFailed', 'functionErrors', 'executionFailed');
});

it('a deployment that is left to people is told, and so is its lock once its lease is over', async () => {
  const nobody = { host: '127.0.0.1', port: 1, username: 'nobody', password: '' };
  const patch = { SecretString: JSON.stringify(nobody) };
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    role: 'ChooseRollback',
    patch,
  });
  const deadlines = { rollbackSeconds: 30 };
  await makesHeard(['needsOperator', 'executionFailed', 'phaseBeyondDeadline'], async () => {
    const { outcome } = await world.deploy({ ...release, image: 'shop:v4', deadlines });
    expect(outcome).toBe('NeedsOperator');
  });
  await makesHeard(['lockBeyondLease'], () =>
    new DynamoDB(world.aws).updateItem({
      TableName: world.cloud.outputs.JournalTable,
      Key: rowOf('lock'),
      UpdateExpression: 'SET expires = :past',
      ExpressionAttributeValues: { ':past': { N: '1700000000' } },
    }),
  );
  await world.rest();
});

it('its dashboard shows what was published, and names nothing else but phases and ends that nobody came to', async () => {
  const cloudwatch = new CloudWatch(world.aws);
  const { DashboardEntries = [] } = await cloudwatch.listDashboards({});
  expect(DashboardEntries).toHaveLength(1);
  const { DashboardName } = DashboardEntries[0]!;
  const { DashboardBody = '' } = await cloudwatch.getDashboard({ DashboardName });
  const { widgets } = JSON.parse(DashboardBody) as { widgets: { properties: { metrics?: string[][] } }[] };
  const shown = widgets.flatMap(({ properties: { metrics = [] } }) =>
    metrics.map((metric) => metric.filter((part) => typeof part === 'string')),
  );
  const missing = await Promise.all(
    shown.map(async ([Namespace, MetricName = '', ...rest]) => {
      const { Metrics = [] } = await cloudwatch.listMetrics({ Namespace, MetricName });
      const wanted = JSON.stringify(rest);
      const isThere = Metrics.some(
        ({ Dimensions = [] }) =>
          JSON.stringify(Dimensions.flatMap(({ Name, Value }) => [Name, Value])) === wanted,
      );
      return isThere ? [] : [MetricName];
    }),
  );
  expect(missing.flat().sort()).toEqual(['ApproveSeconds', 'CloseSeconds', 'ExecutionsTimedOut']);
});

it('nothing that was heard has a secret in it', async () => {
  const { SecretString = '' } = await new SecretsManager(world.aws).getSecretValue({
    SecretId: world.settings.database.secret,
  });
  const { password } = JSON.parse(SecretString) as { password: string };
  expect(listener.texts().length).toBeGreaterThan(12);
  expect(listener.texts().filter((text) => text.includes(password))).toEqual([]);
});
