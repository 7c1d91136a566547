import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { type Orders, startOrders } from './orders';
import { quick } from './stories';
import { type Ended, startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(180_000);

let world: World;
let orders: Orders;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  orders = startOrders(world.url, 40);
});
afterAll(async () => {
  await orders?.stop();
  await world?.close();
});

/** A slow machine is no reason to give up. */
const patient = { greenSeconds: 3000, rollbackSeconds: 3000 };

/**
 * Behind a window the published metrics show for some minutes that nobody came, and the next deployment is rejected for want of
 * users: resolves once they show again who comes.
 */
const usersAreShown = (request: object) =>
  until(async () => {
    const { cause } = await world.deploy({ ...request, dryRun: true });
    return !cause.includes('too few requests') || undefined;
  });

async function maintain(image: string, deadlines = {}) {
  const request = { image, ...quick, strategy: 'MAINTENANCE', deadlines: { ...patient, ...deadlines } };
  await usersAreShown(request);
  return world.deploy(request);
}

/** Changes how long the service is waited for, as the next deployment reads it. */
const closeWithin = (closeSeconds: number) =>
  world.configure({ maintenance: { ...world.settings.maintenance!, closeSeconds } });

/** Instances of the database, with the one that the workflow's template made first. */
async function instances() {
  return (await new RDSClient(world.aws).send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
}

/** Whatever happened: nobody lost a request or an order, one version serves, and the lock is free. */
async function expectNothingLost(version: string) {
  expect(await world.serving()).toEqual([version]);
  expect(await world.isClosed()).toBe(false);
  expect(await world.lockHolder()).toBeUndefined();
  expect(await orders.missing(world)).toEqual([]);
  expect([world.load.lost(), orders.failed()]).toEqual([0, 0]);
  const { a, b } = await world.running();
  expect([a, b].sort()).toEqual([0, 2]);
}

const closedSeconds = ({ events }: Ended) =>
  JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? '{}').closedSeconds as number;

it('restores the snapshot when the migration fails half-way: the previous version serves, and no order is lost', async () => {
  const before = await world.schema();
  await closeWithin(600);
  const acknowledged = orders.acknowledged();
  expect(acknowledged).toBeGreaterThan(0);
  const ended = await maintain('shop:v4');
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.any(String)]);
  expect(ended.path).toEqual(expect.arrayContaining(['StopWriters', 'RestoreDatabase', 'SwitchDatabase']));
  expect(ended.path).not.toContain('RevertMigration');
  expect(ended.cause).toMatch(
    /schema as before; the service was closed for \d+ s; the database is \S+ now, restored .* equal to what it was; \S+ is kept/,
  );
  expect(await world.schema()).toEqual(before);
  await expectNothingLost('v1');
  expect(world.load.announced()).toBeGreaterThan(0);
  // the restored instance is set up as its source
  const [source, restored] = await instances();
  expect(restored?.DBInstanceIdentifier).toMatch(new RegExp(`^${source?.DBInstanceIdentifier}-[0-9a-f]{8}$`));
  for (const same of ['DBSubnetGroup', 'VpcSecurityGroups', 'DBParameterGroups', 'StorageType'] as const)
    expect(restored?.[same]).toEqual(source?.[same]);
});

it('stays closed and says how to open again when the snapshot cannot be restored', async () => {
  const before = await world.schema();
  world.fault({
    operation: 'rds:RestoreDBInstanceFromDBSnapshot',
    kind: 'before',
    error: 'InstanceQuotaExceededFault',
  });
  const ended = await maintain('shop:v4');
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain('InstanceQuotaExceeded');
  expect(ended.cause).toMatch(/the service is closed: users get the maintenance page, and nobody can write/);
  expect(ended.cause).toMatch(/restoring it loses nothing while the service is closed/);
  expect(ended.cause).toMatch(/open the service once that is healthy: aws elbv2 modify-rule --rule-arn/);
  expect(await world.isClosed()).toBe(true);
  expect(await world.serving()).toEqual(['503']);
  expect(await world.lockHolder()).toBe(ended.name);
  expect([world.load.lost(), orders.failed()]).toEqual([0, 0]);
  expect(await orders.missing(world)).toEqual([]);
  await world.rest();
  expect(await world.schema()).toEqual(before);
  await expectNothingLost('v1');
});

it('opens again without touching the database when somebody stays connected', async () => {
  const before = await world.schema();
  const count = (await world.snapshots()).length;
  const disconnect = await world.connectAs('psql');
  await closeWithin(60);
  const ended = await maintain('shop:v2');
  await closeWithin(600);
  await disconnect();
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.any(String)]);
  expect(ended.cause).toContain('1 sessions of psql are connected to the database; end what keeps them open');
  expect(ended.path).not.toContain('SnapshotDatabase');
  expect(await world.snapshots()).toHaveLength(count);
  expect(await world.schema()).toEqual(before);
  await expectNothingLost('v1');
});

it('closes, migrates, opens on the new version, and says for how long nobody was served', async () => {
  const announced = orders.announced();
  const acknowledged = orders.acknowledged();
  const ended = await maintain('shop:v2');
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  expect(closedSeconds(ended)).toBeGreaterThan(0);
  expect(orders.announced()).toBeGreaterThan(announced);
  expect((await world.schema()).applied).toHaveLength(2);
  await expectNothingLost('v2');
  expect(orders.acknowledged()).toBeGreaterThan(acknowledged);
});

it('brings a dropped column back with the restored snapshot when the new version never gets healthy', async () => {
  const before = await world.schema();
  const ended = await maintain('shop:v6', { greenSeconds: 1 });
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.any(String)]);
  expect(ended.path).toEqual(expect.arrayContaining(['VerifyMigration', 'CheckGreen', 'RestoreDatabase']));
  expect(await world.schema()).toEqual(before);
  await expectNothingLost('v2');
});

it('AUTO takes the window for a release that breaks the live version', async () => {
  const ended = await world.deploy({ image: 'shop:v6', ...quick, strategy: 'AUTO', deadlines: patient });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  expect(ended.path).toContain('CloseService');
  expect(closedSeconds(ended)).toBeGreaterThan(0);
  await expectNothingLost('v6');
});

it('calls an operator when users suffer after it has opened: nothing leads back to a version that the schema no longer fits', async () => {
  await world.rest();
  const first = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'ALL_AT_ONCE' });
  expect(first.outcome).toBe('DeploymentSucceeded');
  const restored = (await instances()).length;
  const ended = await world.deploy({
    image: 'shop:v6-unpriced',
    ...quick,
    strategy: 'MAINTENANCE',
    deadlines: patient,
    bakeSeconds: 600,
  });
  expect([ended.outcome, ended.cause]).toEqual(['NeedsOperator', expect.any(String)]);
  expect(ended.cause).toContain('fix it forward');
  expect(ended.path).not.toContain('RestoreDatabase');
  expect(ended.path).not.toContain('StartBlue');
  expect(await instances()).toHaveLength(restored);
  // the new version keeps the users, and every order that was taken
  expect(await world.serving()).toEqual(['v3']);
  expect(await world.lockHolder()).toBe(ended.name);
  expect(world.load.lost()).toBe(0);
  expect(await orders.missing(world)).toEqual([]);
});
