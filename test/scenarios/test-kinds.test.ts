import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expectServing, servingNow } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
beforeEach(() => world.renew(100));

type Test = World['settings']['smokeTests'][number];

const performance = (more: object = {}): Test =>
  ({
    performance: {
      ...{ paths: ['/version'], concurrency: 4, requestsPerSecond: 20, seconds: 6 },
      ...{ maximumP95Ms: 60_000, maximumP99Ms: 60_000, latencyIncrease: null, ...more },
    },
  }) as Test;

/** A task of the migrations' family, with the log that the construct would say of it. */
async function integration(code: string): Promise<Test> {
  const { taskDefinition, container } = world.settings.migrations;
  const { taskDefinition: known } = await new ECS(world.aws).describeTaskDefinition({ taskDefinition });
  const { options = {} } = known?.containerDefinitions?.[0]?.logConfiguration ?? {};
  const log = { group: options['awslogs-group'], prefix: options['awslogs-stream-prefix'] };
  const task = { taskDefinition, container, command: ['node', '-e', code], timeoutSeconds: 600, log };
  return { task } as Test;
}

/** What the tests of a deployment said, look by look. */
const looksAt = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'SmokeTestGreen')
    .map(
      ({ result }) => (result as { results: { kind: string; status: string; because: string }[] }).results,
    );

/** Requests that the load balancer has counted on a slot since an instant. */
async function counted(slot: 'a' | 'b', since: Date): Promise<number> {
  const { traffic, slots } = world.settings;
  const cloudwatch = new CloudWatch(world.aws);
  const { MetricDataResults = [] } = await cloudwatch.getMetricData({
    StartTime: since,
    EndTime: new Date(world.cloud.clock.now() + 60_000),
    MetricDataQueries: [
      {
        Id: 'requests',
        MetricStat: {
          ...{ Period: 60, Stat: 'Sum' },
          Metric: {
            Namespace: 'AWS/ApplicationELB',
            MetricName: 'RequestCount',
            Dimensions: [
              { Name: 'LoadBalancer', Value: traffic.loadBalancerFullName },
              { Name: 'TargetGroup', Value: slots[slot]!.targetGroupFullName },
            ],
          },
        },
      },
    ],
  });
  return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
}

const release = { image: 'shop:v2', migrations: 'none', ...quick };

it('releases what passes tests of all three kinds, each of which begins after the one before', async () => {
  await world.configure({
    smokeTests: [
      performance({ paths: ['/version', '/products/1'], latencyIncrease: 50, seconds: 12 }),
      await integration(''),
      { path: '/version', status: 200 },
    ],
  });
  const ended = await world.deploy(release);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  const all = await looksAt(ended.name);
  const looks = all.map((results) => results.map(({ kind, status }) => `${kind} ${status}`));
  expect(looks[0]).toEqual(['smoke passed', 'integration running']);
  expect(looks.at(-1)).toEqual(['smoke passed', 'integration passed', 'performance passed']);
  const wave = all.at(-1)?.at(-1);
  expect(wave?.because).toMatch(
    /^performance test \/version, \/products\/1 passed: 0 of \d+ requests failed, p95 \d+ ms, p99 \d+ ms; p50 of green \d+ ms, of blue \d+ ms/,
  );
  expect(world.load.lost()).toBe(0);
});

it('rolls back a green that fails in a wave, and does not send the whole of it', async () => {
  const before = await servingNow(world);
  await world.configure({ smokeTests: [performance({ paths: ['/nothing-here'] })] });
  const ended = await world.deploy(release);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(
    /performance test \/nothing-here \d+ requests failed, more than 1.0 % of the whole wave, the newest: \/nothing-here answered 404/,
  );
  expect(await looksAt(ended.name)).toHaveLength(2);
  await expectServing(world, before);
});

it('rolls back a green that is slower than blue is for its users in the same minutes', async () => {
  const before = await servingNow(world);
  await world.configure({
    smokeTests: [performance({ paths: ['/products/1'], concurrency: 20, latencyIncrease: 0.5 })],
  });
  const ended = await world.deploy({ ...release, image: 'shop:v2-slow' });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/p50 of green \d+ ms, of blue \d+ ms.* more than 50 % slower/);
  expect(Object.keys(world.load.versions())).not.toContain('v2-slow');
  await expectServing(world, before);
});

it('begins no wave where somebody has led the test listener to users’ targets', async () => {
  const before = await servingNow(world);
  const { traffic, slots } = world.settings;
  await world.configure({ smokeTests: [await integration('setTimeout(() => 0, 3000)'), performance()] });
  const execution = await world.start({ service: 'shop', reason: 'a test', ...release });
  expect(await world.entered(execution, 'WaitForSmokeTests')).toBe(true);
  const TargetGroups = [slots.a, slots.b].map(({ targetGroup }) => ({
    TargetGroupArn: targetGroup,
    Weight: 50,
  }));
  await new ElasticLoadBalancingV2(world.aws).modifyRule({
    RuleArn: traffic.testRule,
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toContain(
    'performance test /version was not begun: the test listener does not lead to green alone (a 50 / b 50)',
  );
  await expectServing(world, before);
});

it('loses the part of a wave whose function is killed in the middle, and sends no part twice', async () => {
  await world.configure({ smokeTests: [performance({ seconds: 15 })] });
  const execution = await world.start({ service: 'shop', reason: 'a test', ...release });
  const deployment = execution.split(':').at(-1)!;
  const table = { TableName: world.cloud.outputs.JournalTable };
  const Key = { pk: { S: `deployment#${deployment}` }, sk: { S: 'claim#slice-begun#0/0' } };
  const db = new DynamoDB(world.aws);
  await until(async () => (await db.getItem({ ...table, Key })).Item);
  // its look at where the test listener leads, once it has sent its part
  world.fault({
    ...{ operation: 'elasticloadbalancing:DescribeRules', kind: 'kill', times: 1 },
    role: 'GreenlightSmokeTestGreen',
  } as Parameters<World['fault']>[0]);
  const ended = await world.ended(execution);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect((await looksAt(deployment)).at(-1)?.at(-1)?.because).toMatch(/passed: 0 of 200 requests failed/);
});

it('rolls back with the exit code and the last words of an integration test, and what is private in them is not told', async () => {
  const before = await servingNow(world);
  await world.configure({
    smokeTests: [
      await integration("console.log('no order for postgres://shop:planted@db/shop'); process.exit(4)"),
    ],
  });
  const ended = await world.deploy(release);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(
    /integration test shop-migration failed: .*exit code 4.*its last words: no order/,
  );
  expect(ended.cause).not.toContain('planted');
  await expectServing(world, before);
});

it('sends a wave of the size that the settings say to green alone: users’ targets get none of it', async () => {
  const before = await servingNow(world);
  const green = before.slot === 'a' ? 'b' : 'a';
  await world.configure({ smokeTests: [performance({ maximumP95Ms: 1, maximumP99Ms: 1 })] });
  // without users whatever is counted from the next minute on is the wave's; that there were some is known
  await world.load.stop();
  const minute = 60_000;
  const since = new Date(Math.ceil(world.cloud.clock.now() / minute) * minute);
  await world.cloud.clock.sleep(since.getTime() - world.cloud.clock.now());
  const ended = await world.deploy(release);
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(
    /performance test \/version is beyond its limits: p95 \d+ ms, more than 1 ms; p99 \d+ ms, more than 1 ms/,
  );
  expect(ended.path).not.toContain('ShiftTraffic');
  const looks = (await looksAt(ended.name)).map((results) => results.at(-1)?.because ?? '');
  const [, sent] = looks.at(-2)?.match(/has sent 3 of 3 parts: 0 of (\d+) requests failed/) ?? [];
  expect([await counted(green, since), await counted(before.slot, since)]).toEqual([Number(sent), 0]);
  // a slow machine sends fewer
  expect(Number(sent)).toBeLessThanOrEqual(120);
  await expectServing(world, before);
});
