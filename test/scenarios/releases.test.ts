import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { commandsIn, README } from '../architecture/readme';
import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

const usersSaw = () => Object.keys(world.load.versions()).sort();

it('returns to v1 when v4 fails in the middle of its migrations: the schema is what it was, no user was ever on v4', async () => {
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v4', ...quick });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/the migration failed: EssentialContainerExited.*exit code [1-9]/);
  expect(ended.path).toEqual(expect.arrayContaining(['RevertMigration', 'CheckRevert', 'VerifyRollback']));
  expect(ended.path).not.toContain('StartGreen');
  expect(await world.schema()).toEqual(before);
  expect(usersSaw()).toEqual(['v1']);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('releases v2 with its migration through a canary, retires v1, and reports it: as the README does', async () => {
  const before = await world.schema();
  const { name, request, report } = commandsIn(README);
  const ended = await world.deploy({ ...request, strategy: 'CANARY', ...quick }, name);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path.filter((state) => state === 'ShiftTraffic')).toHaveLength(2);
  expect((await world.schema()).applied.length).toBe(before.applied.length + 1);
  expect(await world.snapshots()).toContainEqual(
    expect.objectContaining({
      name: snapshotName(name, databaseIn(world.settings)),
      status: 'available',
    }),
  );
  await expectServing(world, { version: 'v2', slot: 'b' });
  const told = await greenlight(world, ...report.slice(0, 2));
  expect([told.code, told.error]).toEqual([0, '']);
  for (const said of [name, String(request.reason), 'DeploymentSucceeded']) expect(told.out).toContain(said);
});

it('convicts v3, healthy to its health check, by what users get, and returns them to v2', async () => {
  const ended = await world.deploy({ image: 'shop:v3', ...sick }, 'release-v3');
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/at 50 % on green after \d+ s: green \d+ of \d+ requests failed/);
  expect(ended.path).toContain('GreenHealthy?');
  expect(ended.path).toContain('ReturnTraffic');
  expect(usersSaw()).toContain('v3');
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('knows since when v2 has its slot to itself: since all users were shifted to it', async () => {
  const rows = await world.journal('release-v2');
  const entered = (name: string) => Date.parse(rows.findLast(({ step }) => step === name)?.at ?? '');
  const seen = (await world.journal('release-v3')).find(({ step }) => step === 'InspectLive')?.result;
  const aloneSince = Date.parse((seen as { live: { aloneSince: string } }).live.aloneSince);
  expect(aloneSince).toBeGreaterThanOrEqual(entered('ShiftTraffic'));
  expect(aloneSince).toBeLessThan(entered('RetireBlue'));
});

it('never sends a user to v5, which never becomes healthy', async () => {
  const ended = await world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 60 } });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toMatch(/green is not healthy after \d+ s|green keeps crashing/);
  expect(ended.path).not.toContain('ShiftTraffic');
  expect(usersSaw()).not.toContain('v5');
  await expectServing(world, { version: 'v2', slot: 'b' });
});

it('releases all at once, without migrations, on an event: the detail is the request', async () => {
  const sfn = new SFNClient(world.aws);
  const list = async () =>
    (await sfn.send(new ListExecutionsCommand({ stateMachineArn: world.cloud.outputs.StateMachineArn })))
      .executions ?? [];
  const known = (await list()).map(({ executionArn }) => executionArn);
  const request = {
    service: 'shop',
    image: 'shop:v1',
    reason: 'back to v1',
    strategy: 'ALL_AT_ONCE',
    migrations: 'none',
  };
  await new EventBridgeClient(world.aws).send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'pipeline',
          DetailType: 'DeploymentRequested',
          Detail: JSON.stringify({ ...request, thresholds: quick.thresholds }),
        },
      ],
    }),
  );
  let started: string | undefined;
  while (!started) {
    started = (await list()).map(({ executionArn }) => executionArn).find((arn) => !known.includes(arn));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const ended = await world.ended(started);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(ended.path).not.toContain('SnapshotDatabase');
  expect(ended.path.filter((state) => state === 'ShiftTraffic')).toHaveLength(1);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('starts nothing a second time for an event that is delivered twice', async () => {
  const sfn = new SFNClient(world.aws);
  const stateMachineArn = world.cloud.outputs.StateMachineArn;
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  const inputs = await Promise.all(
    executions.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))),
  );
  const first = inputs.find(({ input }) => input?.includes('"event"'));
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: first?.input }),
  );
  const ended = await world.ended(executionArn);
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain(`has started deployment ${first?.name} already`);
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('starts one deployment for an image that is pushed under two tags, each with an event of its own', async () => {
  const sfn = new SFNClient(world.aws);
  const request = { service: 'shop', image: 'shop:v1', reason: 'a tag', dryRun: true };
  const tagged = async (id: string, pushedAt: string) => {
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: world.cloud.outputs.StateMachineArn,
        name: id,
        input: JSON.stringify({ event: { id, pushedAt }, request }),
      }),
    );
    return world.ended(executionArn);
  };
  expect((await tagged('tag-1', '2026-01-30T10:00:00Z')).outcome).toBe('PlanReported');
  const second = await tagged('tag-2', '2026-01-30T10:00:02Z');
  expect(second.outcome).toBe('DeploymentRejected');
  expect(second.cause).toContain('has started deployment tag-1 already');
  // somebody goes back to it
  expect((await tagged('tag-3', '2026-01-30T11:00:00Z')).outcome).toBe('PlanReported');
});

it('has lost no request in all of it', () => {
  expect(world.load.requests()).toBeGreaterThan(500);
  expect(world.load.lost()).toBe(0);
});

it('announced what it did, in the past tense', () => {
  const types = world.cloud.services.events
    .recent()
    .filter(({ source }) => source === 'greenlight')
    .map((event) => event['detail-type']);
  expect([...new Set(types)].sort()).toEqual([
    'DeploymentRolledBack',
    'DeploymentStarted',
    'DeploymentSucceeded',
    'PlanReported',
    'TrafficShifted',
  ]);
});
