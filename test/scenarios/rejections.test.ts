import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 50 });
});
afterAll(() => world?.close());
afterEach(() => world.mend());

/** Nothing was changed: what each of these deployments must leave behind. */
async function expectUntouched(before: { fingerprint: string; applied: string[] }) {
  expect(await world.schema()).toEqual(before);
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.running()).toEqual({ a: 2, b: 0 });
  expect(await world.lockHolder()).toBeUndefined();
  expect(await world.migrationTasks()).toBe(0);
  expect(world.load.lost()).toBe(0);
}

async function rejected(request: Record<string, unknown>) {
  const before = await world.schema();
  const ended = await world.deploy(request);
  expect(ended.outcome).toBe('DeploymentRejected');
  await expectUntouched(before);
  return ended;
}

/** The way of a deployment that has changed nothing, from the phase that failed to its end. */
const rejection = ['Conclude', 'WhatStands?', 'ReleaseLock', 'Outcome?', 'DeploymentRejected'];

it('rejects an invalid request with every problem, before any effect', async () => {
  const calls = new Map(world.cloud.calls());
  const { cause, path } = await rejected({ image: 'shop', strategy: 'BIG_BANG', colour: 'green', reason: 7 });
  for (const part of [
    'request.image: expected an image',
    'request.strategy: ',
    'request.reason: expected string, received 7',
    'unknown "colour"',
  ])
    expect(cause).toContain(part);
  expect(path).toEqual([
    ...['Prepare', 'Resume?', 'ValidateRequest', 'RequestValid?', 'NotDeployable'],
    ...rejection,
  ]);
  expect(world.cloud.calls().get('dynamodb:UpdateItem') ?? 0).toBe(calls.get('dynamodb:UpdateItem') ?? 0);
});

it.each([
  [
    'an unknown image',
    { image: 'shop:v99' },
    /request\.image: expected an image that is in .*, received "shop:v99"; push it first/,
  ],
  [
    'an image of another repository',
    { image: 'wiki:v1' },
    /request\.image: expected an image of the repository shop/,
  ],
  [
    'an unknown service',
    { service: 'wiki', image: 'wiki:v1' },
    /request\.service: expected a service that this workflow deploys/,
  ],
  [
    'another environment',
    { image: 'shop:v2', environment: 'moon' },
    /request\.environment: expected "example"/,
  ],
])('rejects %s', async (_title, request, message) => {
  expect((await rejected(request)).cause).toMatch(message);
});

it('rejects when the snapshot fails: no statement ran', async () => {
  world.fault({
    operation: 'rds:DescribeDBSnapshots',
    kind: 'override',
    patch: { DBSnapshots: { Status: 'failed' } },
  });
  const { cause, path } = await rejected({ image: 'shop:v2' });
  expect(cause).toMatch(/snapshot greenlight-.* is failed/);
  expect(path).not.toContain('StartMigration');
});

it('rejects when RDS refuses the snapshot', async () => {
  world.fault({
    operation: 'rds:CreateDBSnapshot',
    kind: 'before',
    error: 'SnapshotQuotaExceededFault',
    message: 'quota of 100',
  });
  expect((await rejected({ image: 'shop:v2' })).cause).toContain('quota of 100');
});

it('refuses to overwrite weights that somebody else set, and shows the difference', async () => {
  // still all on blue, so nobody loses a request by it, but not what was recorded
  await world.setWeights({ a: 50, b: 0 });
  const ended = await world.deploy({ image: 'shop:v2' });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain('weights are a 50 / b 0 where a 100 / b 0 was recorded; somebody changed');
  expect(await world.weights()).toEqual({ a: 50, b: 0 });
  // what retires old versions may hold it for a moment, at a time of its own
  await until(async () => (await world.lockHolder()) === undefined || undefined);
  await world.setWeights({ a: 100, b: 0 });
});

it('rolls back when the test listener does not lead to green: what it would prove healthy is another version', async () => {
  const before = await world.schema();
  const elb = new ElasticLoadBalancingV2Client(world.aws);
  const RuleArn = world.settings.traffic.testRule;
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
  const page = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200' } };
  await elb.send(new ModifyRuleCommand({ RuleArn, Actions: [page] }));
  try {
    const ended = await world.deploy({ image: 'shop:v2', migrations: 'none' });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain(
      'the test rule reads otherwise (the rule does not forward to target groups) after',
    );
    expect(ended.path).not.toContain('SmokeTestGreen');
    await expectUntouched(before);
  } finally {
    await elb.send(new ModifyRuleCommand({ RuleArn, Actions: Rules?.[0]?.Actions }));
  }
});

it('rejects a production rule that binds users to a target group, whom no weight moves', async () => {
  const RuleArn = world.settings.traffic.productionRule;
  const elb = new ElasticLoadBalancingV2Client(world.aws);
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
  const [forward] = Rules?.[0]?.Actions ?? [];
  const bound = { Enabled: true, DurationSeconds: 3600 };
  await elb.send(
    new ModifyRuleCommand({
      RuleArn,
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: { ...forward?.ForwardConfig, TargetGroupStickinessConfig: bound },
        },
      ],
    }),
  );
  try {
    const { cause } = await rejected({ image: 'shop:v2' });
    expect(cause).toContain('the production rule binds users to a target group for 3600 s');
    expect(cause).toContain(`turn target group stickiness off on ${RuleArn}`);
  } finally {
    await elb.send(
      new ModifyRuleCommand({
        RuleArn,
        Actions: [{ Type: 'forward', ForwardConfig: forward?.ForwardConfig }],
      }),
    );
  }
});

it.each(['CANARY', 'ROLLING'])(
  '%s does not start a version for which the database has no connections left, and says so',
  async (strategy) => {
    const before = await world.schema();
    const sessions = await Promise.all(Array.from({ length: 100 }, () => world.connectAs('a full pool')));
    try {
      const ended = await world.deploy({ image: 'shop:v2', migrations: 'none', strategy });
      expect(ended.outcome).toBe('RolledBack');
      expect(ended.cause).toMatch(
        /the database has no room for both versions: 1\d\d of 200 connections are in use .*; raise max_connections/,
      );
      expect(ended.path).not.toContain('CheckGreen');
      expect(ended.path).not.toContain('CheckRollout');
    } finally {
      await Promise.all(sessions.map((end) => end()));
    }
    await expectUntouched(before);
  },
);

it('rolls back what ECS cannot place, and says so in the words of ECS', async () => {
  const before = await world.schema();
  const execution = await world.start({
    service: 'shop',
    image: 'shop:v2',
    reason: 'a test',
    migrations: 'none',
    deadlines: { greenSeconds: 60 },
  });
  expect(await world.entered(execution, 'StartGreen')).toBe(true);
  world.cloud.services.ecs.capacity.memory = 0;
  try {
    const ended = await world.ended(execution);
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain('ECS cannot place its tasks: RESOURCE:MEMORY');
    expect(ended.cause).not.toContain('crashing');
    await expectUntouched(before);
  } finally {
    world.cloud.services.ecs.capacity.memory = undefined;
  }
});

it('rejects when the migration task cannot be placed: RunTask answers 200 with failures', async () => {
  world.cloud.services.ecs.capacity.memory = 0;
  try {
    const { cause, path } = await rejected({ image: 'shop:v2' });
    expect(cause).toMatch(/^TransientFault: StartMigration: ECS cannot place the task: RESOURCE:MEMORY/);
    expect(path).toEqual(expect.arrayContaining(['StartMigration', 'ChooseRollback', 'VerifyRollback']));
  } finally {
    world.cloud.services.ecs.capacity.memory = undefined;
  }
});

it('rejects when the database cannot be reached, and says which and why', async () => {
  const address = {
    host: '127.0.0.1',
    port: 9,
    dbname: 'shop',
    username: 'shop',
    password: 'not-the-password',
  };
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    role: 'InspectDatabase',
    patch: { SecretString: JSON.stringify(address) },
  });
  const { cause, events } = await rejected({ image: 'shop:v2' });
  expect(cause).toMatch(/database shop-\w+ cannot be read \(ECONNREFUSED/);
  expect(JSON.stringify(events)).not.toContain('not-the-password');
});

it.each([
  [
    'a database of Amazon Aurora',
    {},
    /^the secret of database instance shop-\w+ leads to a database of Amazon Aurora; set database.cluster/,
  ],
  [
    'a secret that RDS manages, which does not say where the database is',
    { SecretString: JSON.stringify({ username: 'shop', password: 'not-the-password' }) },
    /^database shop-\w+ cannot be read \(the secret has no host, port, dbname, as one that RDS manages itself/,
  ],
])('rejects %s before anything is changed', async (_, patch, because) => {
  await world.query("CREATE FUNCTION aurora_version() RETURNS text LANGUAGE sql RETURN '16.4.0'");
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    role: 'InspectDatabase',
    patch,
  });
  try {
    const { cause, path, events } = await rejected({ image: 'shop:v2' });
    expect(cause).toMatch(because);
    expect(path).not.toContain('SnapshotDatabase');
    expect(JSON.stringify(events)).not.toContain('not-the-password');
  } finally {
    world.mend();
    await world.query('DROP FUNCTION aurora_version()');
  }
});

it.each([
  [
    'a service that Amazon ECS itself deploys blue/green',
    { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    /has Amazon ECS's own deployment strategy BLUE_GREEN, which shifts traffic by itself/,
  ],
  [
    'a service whose tasks CodeDeploy replaces',
    { deploymentController: { type: 'CODE_DEPLOY' } },
    /has the deployment controller CODE_DEPLOY, which alone replaces its tasks/,
  ],
  ['a service on instances of EC2', { launchType: 'EC2' }, /runs on EC2, and only AWS Fargate is known/],
  [
    'a service of Windows containers',
    { platformFamily: 'WINDOWS_SERVER_2022_CORE' },
    /runs Windows containers \(WINDOWS_SERVER_2022_CORE\), and only Linux is known/,
  ],
  [
    'a service that others reach by Service Connect',
    { deployments: { serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] } } },
    /is reached by Service Connect as well, whatever the weights of its rule are/,
  ],
])('rejects %s', async (_, services, because) => {
  world.fault({
    operation: 'ecs:DescribeServices',
    kind: 'override',
    role: 'InspectLive',
    patch: { services },
  });
  try {
    const { cause, path } = await rejected({ image: 'shop:v2' });
    expect(cause).toMatch(because);
    expect(path).not.toContain('SnapshotDatabase');
  } finally {
    world.mend();
  }
});

it('rejects a second deployment of the service while one runs, and leaves the first alone', async () => {
  const first = await world.start(
    { service: 'shop', image: 'shop:v5', reason: 'the first', deadlines: { greenSeconds: 60 } },
    'the-first',
  );
  while ((await world.lockHolder()) !== 'the-first') await new Promise((resolve) => setTimeout(resolve, 10));
  const second = await world.deploy({ image: 'shop:v2' });
  expect(second.outcome).toBe('DeploymentRejected');
  expect(second.cause).toMatch(/^deployment the-first holds the lock; start again when it has ended/);
  expect(second.path).toEqual([
    ...[
      'Prepare',
      'Resume?',
      'ValidateRequest',
      'RequestValid?',
      'AcquireLock',
      'LockAcquired?',
      'NotDeployable',
    ],
    ...rejection,
  ]);
  expect(await world.lockHolder()).toBe('the-first');
  expect((await world.ended(first)).outcome).toBe('RolledBack');
});
