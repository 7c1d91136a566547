import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

/** What other deployment controllers got wrong; docs/known-bugs.md has the list, with the scenarios elsewhere. */

jest.setTimeout(180_000);

/** How long the load balancer follows the old weights after a change, in cloud time. */
const PROPAGATION_MS = 20_000;

let world: World;
beforeAll(async () => {
  world = await startWorld({ propagationMs: PROPAGATION_MS });
  // a soak that is shorter than that would prove nothing
  await world.configure({ soakSeconds: 30 });
});
afterAll(() => world?.close());

it('stops the old side only when it receives nothing, although the rule has long said 0: a load balancer follows late', async () => {
  const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'ALL_AT_ONCE' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('loses nothing at the last step, from 99 to 100 percent', async () => {
  const ended = await world.deploy({
    image: 'shop:v1',
    migrations: 'none',
    ...quick,
    canaryPercent: 99,
    thresholds: { minimumRequests: 1 },
  });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path.filter((state) => state === 'ShiftTraffic')).toHaveLength(2);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('stops a bad green only when it receives nothing any more, and leaves no split behind', async () => {
  const ended = await world.deploy({ image: 'shop:v3', migrations: 'none', ...sick });
  expect(ended).toMatchObject({ outcome: 'RolledBack' });
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('brings users back whom somebody has bound to green in the middle of a bake', async () => {
  const execution = await world.start({
    service: 'shop',
    image: 'shop:v3',
    reason: 'a test',
    migrations: 'none',
    ...sick,
    strategy: 'ALL_AT_ONCE',
    bakeSeconds: 600,
  });
  expect(await world.entered(execution, 'Bake')).toBe(true);
  const elb = new ElasticLoadBalancingV2Client(world.aws);
  const RuleArn = world.settings.traffic.productionRule;
  const config = async () => {
    const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
    return Rules?.[0]?.Actions?.[0]?.ForwardConfig;
  };
  const bound = { Enabled: true, DurationSeconds: 3600 };
  await elb.send(
    new ModifyRuleCommand({
      RuleArn,
      Actions: [
        { Type: 'forward', ForwardConfig: { ...(await config()), TargetGroupStickinessConfig: bound } },
      ],
    }),
  );
  expect((await world.ended(execution)).outcome).toBe('RolledBack');
  expect((await config())?.TargetGroupStickinessConfig?.Enabled).toBe(false);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('tells everybody although EventBridge answers 200 and takes no event the first time', async () => {
  const { TopicArn } = await new SNSClient(world.aws).send(new CreateTopicCommand({ Name: 'heard' }));
  const events = new EventBridgeClient(world.aws);
  const EventPattern = JSON.stringify({ source: ['greenlight'], 'detail-type': ['DeploymentStarted'] });
  await events.send(new PutRuleCommand({ Name: 'heard', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'heard', Targets: [{ Id: 'topic', Arn: TopicArn }] }));
  world.fault({ operation: 'events:PutEvents', kind: 'entries', error: 'ThrottlingException', times: 1 });
  const ended = await world.deploy({ image: 'shop:v2', migrations: 'none', ...quick }, 'told');
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const heard = world.cloud.services.sns.recent().filter(({ message }) => message.includes('"told"'));
  expect(heard.filter(({ message }) => message.includes('DeploymentStarted'))).toHaveLength(1);
  expect((await world.deploy({ image: 'shop:v1', migrations: 'none', ...quick })).outcome).toBe(
    'DeploymentSucceeded',
  );
});

it('waits for a snapshot that RDS does not show yet, and for an instance that is busy', async () => {
  world.fault({
    operation: 'rds:CreateDBSnapshot',
    kind: 'before',
    error: 'InvalidDBInstanceStateFault',
    times: 1,
  });
  world.fault({
    operation: 'rds:DescribeDBSnapshots',
    kind: 'override',
    patch: { DBSnapshots: [] },
    times: 1,
  });
  const ended = await world.deploy({ image: 'shop:v4', ...quick }, 'busy');
  expect(ended.path).toContain('WaitForSnapshot');
  expect(ended.path).toContain('StartMigration');
  expect(await world.snapshots()).toContainEqual(
    expect.objectContaining({
      name: snapshotName('busy', databaseIn(world.settings)),
      status: 'available',
    }),
  );
  expect(ended.outcome).toBe('RolledBack');
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('says what the schema is after a rollback', async () => {
  const ended = await world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } });
  expect(ended.cause).toMatch(
    /the previous version serves all traffic, schema (expanded|as before|untouched); .*the previous version can /,
  );
});

it('migrates once when two deployments of a service are started in the same moment', async () => {
  const request = { service: 'shop', reason: 'a race', image: 'shop:v2', ...quick };
  const executions = await Promise.all([world.start(request), world.start(request)]);
  const ends = await Promise.all(executions.map((execution) => world.ended(execution)));
  expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['DeploymentRejected', 'DeploymentSucceeded']);
  expect(ends.find(({ outcome }) => outcome === 'DeploymentRejected')?.path).not.toContain('InspectLive');
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('refuses to deploy where nothing serves any more, and says what has to be there first', async () => {
  const { cluster, slots } = world.settings;
  // the schedule would give the slot its tasks back
  world.fault({ operation: 'lambda:Invoke', target: 'GreenlightReconcile', kind: 'before', times: 1000 });
  await new ECSClient(world.aws).send(
    new UpdateServiceCommand({ cluster, service: slots.b.service, desiredCount: 0 }),
  );
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toMatch(
    /blue .* has 0 healthy of \d+ wanted targets; a deployment needs a healthy version/,
  );
  expect(await world.lockHolder()).toBeUndefined();
});
