import { readFileSync } from 'node:fs';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTasksCommand, ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { Client } from 'pg';
import { contractSnapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { expectServing } from './serving';
import { quick, stories } from './stories';
import { type Ended, startWorld, type World } from './world';

jest.setTimeout(120_000);

const NOTE = '20260112090000';
const ORDER_NOTES = '20260209090000';
const DROP_NOTE = '20260209090100';
const REQUIRE_SUPPLIER = '20260216090000';

/** The one that a deployment takes before its contract migrations. */
const snapshotOf = (deployment: string) => contractSnapshotName(deployment, databaseIn(world.settings));

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

const outputOf = ({ events }: Ended) =>
  JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? 'null');

/** Results of a step and when its state was left, by the execution's own clock. */
const left = ({ events }: Ended, state: string) =>
  events.flatMap(({ stateExitedEventDetails: exited, timestamp }) =>
    exited?.name === state ? [{ at: timestamp!.getTime(), ...JSON.parse(exited.output ?? '{}') }] : [],
  );

const columns = async (table: string) =>
  (
    await world.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}'`,
    )
  ).map(({ name }) => name);

/** Sends requests to blue past the production rule, by the test listener's. */
async function disturb(blue: 'a' | 'b'): Promise<() => void> {
  const elb = new ElasticLoadBalancingV2Client(world.aws);
  const { traffic, slots } = world.settings;
  await elb.send(
    new ModifyRuleCommand({
      RuleArn: traffic.testRule,
      Actions: [{ Type: 'forward', TargetGroupArn: slots[blue].targetGroup }],
    }),
  );
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ ListenerArns: [traffic.testListener] }),
  );
  const timer = setInterval(
    () => void fetch(`http://127.0.0.1:${Listeners?.[0]?.Port}/version`).catch(() => {}),
    20,
  );
  return () => clearInterval(timer);
}

it('leaves contract migrations for later while blue still gets requests: the release succeeds and says so', async () => {
  expect((await world.deploy({ image: 'shop:v2', ...quick })).outcome).toBe('DeploymentSucceeded');
  await world.query("UPDATE orders SET note = 'ring twice' WHERE id = 7");
  const execution = await world.start({
    service: 'shop',
    reason: 'a test',
    image: 'shop:v7',
    ...quick,
    deadlines: { rollbackSeconds: 5 },
  });
  await world.entered(execution, 'ShiftTraffic');
  const stop = await disturb('b');
  const ended = await world.ended(execution);
  stop();
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  expect(outputOf(ended).remark).toMatch(
    new RegExp(
      `^contract migrations ${DROP_NOTE} were not begun: .* keeps running: it still received \\d+ requests`,
    ),
  );
  expect(ended.path).not.toContain('StartContract');
  expect(await columns('orders')).toContain('note');
  await expectServing(world, { version: 'v7', slot: 'a', idle: 2 });
  // between the two phases both columns of notes stand
  expect(await (await fetch(`${world.url}/orders/7`)).json()).toMatchObject({ id: '7', note: null });
});

it('leaves them for later while a session from before the deployment is open, and names whose it is', async () => {
  const release = await world.holdLock('products');
  const ended = await world.deploy({ image: 'shop:v7', ...quick, deadlines: { contractSeconds: 5 } });
  await release();
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(outputOf(ended)).toMatchObject({
    plan: { pending: [], contract: [DROP_NOTE] },
    remark: expect.stringMatching(
      /database sessions from before the deployment are open: 1 of an unnamed application after \d+ s; they run behind the next deployment/,
    ),
  });
  expect(ended.path).not.toContain('StartContract');
  expect(await columns('orders')).toContain('note');
  await expectServing(world, { version: 'v7', slot: 'b' });
});

/** A program that is no version of the service, under a role of its own; the result ends it. */
async function report(): Promise<() => Promise<void>> {
  const { caFile, ...connection } = await world.connection();
  const login = { ...connection, user: 'reporting', password: 'reporting-only' };
  const client = new Client({ ...login, ssl: { ca: readFileSync(caFile, 'utf8') } });
  await client.connect();
  const timer = setInterval(
    () => void client.query('SELECT o.note FROM orders o LIMIT 1').catch(() => {}),
    50,
  );
  return () => {
    clearInterval(timer);
    return client.end();
  };
}

it('leaves them for later while another program uses what they take away: the plan names it, and the end does', async () => {
  await world.query('CREATE EXTENSION pg_stat_statements');
  await world.query("CREATE ROLE reporting LOGIN PASSWORD 'reporting-only'");
  await world.query('GRANT SELECT ON orders TO reporting');
  await (await report())();
  const end = await report();
  const ended = await world.deploy({ image: 'shop:v7', ...quick });
  await end();
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const { plan, remark } = outputOf(ended);
  expect(plan.remarks[0]).toMatch(
    /^role reporting used note of public\.orders \(calls: \d+\) since its statistics were reset/,
  );
  expect(remark).toMatch(
    new RegExp(
      `^contract migrations ${DROP_NOTE} were not begun: it is still used: since the release began .*role reporting used note of public\\.orders \\(calls: \\d+\\); change what uses it, or ask for the release again with "accept": \\["${DROP_NOTE}"\\]; they run behind the next deployment`,
    ),
  );
  expect(ended.path).not.toContain('StartContract');
  expect(await columns('orders')).toContain('note');
  await expectServing(world, { version: 'v7', slot: 'a' });
});

it('leaves them for later where the new version itself uses what they take away', async () => {
  const ended = await world.deploy({ image: 'shop:v9', ...quick });
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(outputOf(ended).remark).toMatch(/were not begun: it is still used: .* used note of public\.orders/);
  expect(outputOf(ended).remark).not.toContain('reporting');
  expect(await columns('orders')).toContain('note');
  await expectServing(world, { version: 'v9', slot: 'b' });
});

it('drops the column behind the next deployment, once blue has stopped and a fresh snapshot is there', async () => {
  const ended = await world.deploy({ image: 'shop:v7', ...quick }, 'contracting');
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  expect(outputOf(ended).remark).toBe('');
  const retired = left(ended, 'RetireBlue').at(-1);
  const started = left(ended, 'StartContract').at(-1);
  expect(retired).toMatchObject({ status: 'retired', cause: expect.stringContaining('has stopped') });
  expect(Date.parse(started.contract.migration.startedAt)).toBeGreaterThanOrEqual(retired.at);

  expect((await world.schema()).applied.slice(-3)).toEqual([NOTE, ORDER_NOTES, DROP_NOTE]);
  expect(await columns('orders')).not.toContain('note');
  expect(await world.query('SELECT * FROM order_notes')).toEqual([{ order_id: '7', note: 'ring twice' }]);
  expect(await (await fetch(`${world.url}/orders/7`)).json()).toMatchObject({ id: '7', note: 'ring twice' });
  expect(await world.snapshots()).toContainEqual(
    expect.objectContaining({
      name: snapshotOf('contracting'),
      status: 'available',
    }),
  );
  await expectServing(world, { version: 'v7', slot: 'a' });
});

it('calls an operator when a contract migration fails: the new version serves, and the printed command completes it', async () => {
  const ended = await world.deploy({ image: 'shop:v8', ...quick }, 'half-contracted');
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toMatch(
    new RegExp(
      `^the contract migrations ${REQUIRE_SUPPLIER} have not done what they should: the contract migrations failed: .*exit code [1-9].*; ` +
        `applied: none; not applied: ${REQUIRE_SUPPLIER}; the schema is as it was before them; the new version serves all traffic, 0 of \\d+ requests failed since they ended; ` +
        'the previous version has stopped, and the schema may no longer fit it, so traffic stays with the new one; ' +
        `database .*: ${snapshotOf('half-contracted')} was taken right before them; restoring it loses every write since`,
    ),
  );
  expect(ended.cause).not.toContain('greenlight rollback');
  expect(ended.path).not.toContain('ReturnTraffic');
  await expectServing(world, { version: 'v8', slot: 'b', lockedBy: 'half-contracted' });

  await world.query("UPDATE products SET supplier = 'nobody' WHERE supplier IS NULL");
  await runPrinted(ended.cause);
  expect((await world.schema()).applied).toContain(REQUIRE_SUPPLIER);
  await releaseLock();
  const next = await world.deploy({ image: 'shop:v8', ...quick });
  expect(next).toMatchObject({ outcome: 'DeploymentSucceeded' });
  await expectServing(world, { version: 'v8', slot: 'a' });
  await world.rest();
});

it('calls an operator when users of the new version suffer from the contracted schema, and says which snapshot has what is gone', async () => {
  const ended = await world.deploy(
    { image: 'shop:v9', accept: [DROP_NOTE], ...quick, strategy: 'ALL_AT_ONCE' },
    'too-early',
  );
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toMatch(
    new RegExp(
      `the new version is unhealthy on the contracted schema; applied: ${DROP_NOTE}; not applied: none; the schema has changed; the new version serves all traffic, [1-9]\\d* of \\d+ requests failed`,
    ),
  );
  expect(ended.cause).toContain(`${snapshotOf('too-early')} was taken right before them`);
  expect(ended.path).not.toContain('ReturnTraffic');
  expect(await world.lockHolder()).toBe('too-early');
  expect(world.load.lost()).toBe(0);
  await world.rest();
});

it('stops a contract migration that hangs, and calls an operator: the new version serves, nothing was contracted', async () => {
  const ended = await stories['contract migration that hangs']!(world);
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toMatch(
    /the contract migrations failed: .*; applied: none; not applied: 20260209090100; the schema is as it was before them/,
  );
  expect(await columns('orders')).toContain('note');
  expect(await world.serving()).toEqual(['v7']);
  expect(await world.migrationTasks()).toBe(0);
  expect(world.load.lost()).toBe(0);
  await world.rest();
});

/** Does what the message says to do about the migrations. */
async function runPrinted(cause: string): Promise<void> {
  const [, cluster, taskDefinition, network, overrides] =
    /aws ecs run-task --cluster (\S+) --task-definition (\S+) --launch-type FARGATE --network-configuration '(.*?)' --overrides '(.*?)'/.exec(
      cause,
    ) ?? [];
  const ecs = new ECSClient(world.aws);
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: JSON.parse(network!),
      overrides: JSON.parse(overrides!),
    }),
  );
  for (;;) {
    const seen = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [tasks?.[0]?.taskArn ?? ''] }));
    if (seen.tasks?.[0]?.lastStatus === 'STOPPED')
      return expect(seen.tasks[0].containers?.[0]?.exitCode).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function releaseLock(): Promise<void> {
  await new DynamoDBClient(world.aws).send(
    new UpdateItemCommand({
      TableName: world.cloud.outputs.JournalTable,
      Key: { pk: { S: 'service#shop' }, sk: { S: 'lock' } },
      UpdateExpression: 'REMOVE holder, expires',
    }),
  );
}
