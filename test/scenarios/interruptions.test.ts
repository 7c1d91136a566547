import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world?.close());

const twice = (
  events: { taskScheduledEventDetails?: unknown; lambdaFunctionFailedEventDetails?: unknown }[],
) => events.filter(({ lambdaFunctionFailedEventDetails }) => lambdaFunctionFailedEventDetails).length;

it('does everything once although every effect is reported as failed the first time', async () => {
  // the SDK tries three times by itself, so the third failure is the one that the graph sees
  for (const operation of [
    'rds:CreateDBSnapshot',
    'ecs:RunTask',
    'ecs:UpdateService',
    'elasticloadbalancing:ModifyRule',
  ])
    world.fault({ operation, kind: 'after', times: 3 });
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(twice(ended.events)).toBeGreaterThanOrEqual(3);
  expect((await world.snapshots()).filter(({ name }) => name.startsWith('greenlight-'))).toHaveLength(1);
  expect((await world.schema()).applied).toHaveLength(before.applied.length + 1);
  expect(world.cloud.services.ecs).toBeDefined();
  expect(await world.serving()).toEqual(['v2']);
  expect(world.load.lost()).toBe(0);
});

it('rolls back when the migration ends without an exit code, and says that it is missing', async () => {
  world.fault({
    operation: 'ecs:DescribeTasks',
    kind: 'override',
    role: 'CheckMigration',
    patch: {
      tasks: {
        lastStatus: 'STOPPED',
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: no such image',
        containers: { exitCode: null },
      },
    },
  });
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v2' });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.cause).toContain(
    'TaskFailedToStart: CannotPullContainerError: no such image (shop without exit code)',
  );
  expect(await world.schema()).toEqual(before);
  expect(await world.lockHolder()).toBeUndefined();
});

it('calls an operator when somebody moves the weights during the canary, and leaves them as they are', async () => {
  const execution = await world.start(
    { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick, bakeSeconds: 40 },
    'meddled',
  );
  expect(await world.entered(execution, 'Bake')).toBe(true);
  await world.setWeights({ a: 60, b: 40 });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain(
    "the production rule's weights are a 60 / b 40 where a 50 / b 50 was recorded",
  );
  expect(ended.cause).toMatch(
    /release the lock when all is well: npx greenlight lock release shop --workflow Shop --reason/,
  );
  expect(await world.weights()).toEqual({ a: 60, b: 40 });
  expect(await world.lockHolder()).toBe('meddled');
  expect(await world.running()).toEqual({ a: 2, b: 2 });
  expect(world.load.lost()).toBe(0);
});

it('refuses the effects of a deployment that has lost its lock', async () => {
  const execution = await world.start(
    { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick },
    'stale',
  );
  while ((await world.lockHolder()) !== 'stale') await new Promise((resolve) => setTimeout(resolve, 5));
  await new DynamoDBClient(world.aws).send(
    new UpdateItemCommand({
      TableName: world.cloud.outputs.JournalTable,
      Key: { pk: { S: 'service#shop' }, sk: { S: 'lock' } },
      UpdateExpression: 'SET holder = :other ADD fence :one',
      ExpressionAttributeValues: { ':other': { S: 'another' }, ':one': { N: '1' } },
    }),
  );
  const ended = await world.ended(execution);
  expect(ended.cause).toContain(
    'LockLost: SnapshotDatabase: deployment stale no longer holds the lock of shop',
  );
  expect(['DeploymentRejected', 'NeedsOperator']).toContain(ended.outcome);
  expect(await world.lockHolder()).toBe('another');
  expect(await world.weights()).toEqual({ a: 100, b: 0 });
  expect(await world.migrationTasks()).toBe(0);
});
