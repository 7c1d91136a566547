import { readFileSync } from 'node:fs';
import {
  CreateDBClusterSnapshotCommand,
  type DBCluster,
  type DBInstance,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { contractSnapshotName, snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { declared } from './grants';
import { type Orders, startOrders } from './orders';
import { expectServing } from './serving';
import { quick } from './stories';
import type { Ended, World } from './world';
import { startAuroraWorld } from './world/aurora';

jest.setTimeout(240_000);

const DROP_NOTE = '20260209090100';

/** What a cluster is like, and nothing by which it is this one. */
const AS_BEFORE = [
  ...(['Engine', 'EngineVersion', 'StorageType', 'StorageEncrypted', 'NetworkType'] as const),
  ...(['DBSubnetGroup', 'VpcSecurityGroups', 'DBClusterParameterGroup', 'AvailabilityZones'] as const),
  ...(['ServerlessV2ScalingConfiguration', 'IAMDatabaseAuthenticationEnabled'] as const),
  ...(['EnabledCloudwatchLogsExports', 'BackupRetentionPeriod', 'PreferredBackupWindow'] as const),
  ...(['PreferredMaintenanceWindow', 'CopyTagsToSnapshot', 'DeletionProtection'] as const),
  ...(['EngineLifecycleSupport', 'MultiAZ'] as const),
] as const;

let world: World;
let orders: Orders;
let rds: RDSClient;
beforeAll(async () => {
  world = await startAuroraWorld(100);
  orders = startOrders(world.url, 40);
  rds = new RDSClient(world.aws);
});
afterAll(async () => {
  await orders?.stop();
  await world?.close();
});

const outputOf = ({ events }: Ended) =>
  JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? 'null');

async function clusters(): Promise<DBCluster[]> {
  return (await rds.send(new DescribeDBClustersCommand({}))).DBClusters ?? [];
}
/** The instances of a cluster: its writer first. */
async function membersOf({ DBClusterIdentifier, DBClusterMembers = [] }: DBCluster): Promise<DBInstance[]> {
  const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier!] }];
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ Filters }));
  const isWriter = ({ DBInstanceIdentifier: name }: DBInstance) =>
    DBClusterMembers.some((one) => one.DBInstanceIdentifier === name && one.IsClusterWriter);
  return DBInstances.sort((one, other) => Number(isWriter(other)) - Number(isWriter(one)));
}
/** The one that the secret leads to. */
async function serving(): Promise<DBCluster> {
  const { port } = await world.connection();
  const found = (await clusters()).filter(({ Port }) => Port === port);
  expect(found).toHaveLength(1);
  return found[0]!;
}
const snapshots = async () =>
  (await rds.send(new DescribeDBClusterSnapshotsCommand({}))).DBClusterSnapshots ?? [];
const namesOf = (all: { DBClusterSnapshotIdentifier?: string }[]) =>
  all.map(({ DBClusterSnapshotIdentifier }) => DBClusterSnapshotIdentifier).sort();

/** A session on the reader of the cluster that serves, as a version of the shop has one; the result ends it. */
async function sessionOnReader(name: string): Promise<() => Promise<void>> {
  const [, reader] = await membersOf(await serving());
  const { caFile, ...connection } = await world.connection();
  const client = new Client({
    ...{ ...connection, port: reader!.Endpoint!.Port, application_name: name },
    ssl: { ca: readFileSync(caFile, 'utf8') },
  });
  client.on('error', () => {});
  await client.connect();
  return () => client.end();
}

async function expectNothingLost() {
  expect(await orders.missing(world)).toEqual([]);
  expect([world.load.lost(), orders.failed()]).toEqual([0, 0]);
  expect(await world.lockHolder()).toBeUndefined();
}

it('a release takes a snapshot of the cluster, and migrates what its endpoint leads to', async () => {
  // the answer to the call is lost, and RDS shows late what is there
  const role = 'CheckSnapshot';
  const error = 'DBClusterSnapshotNotFoundFault';
  world.fault({ operation: 'rds:CreateDBClusterSnapshot', kind: 'after', times: 3 });
  world.fault({ operation: 'rds:DescribeDBClusterSnapshots', kind: 'before', error, times: 3, role });
  const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'CANARY' });
  expect(world.faults()).toEqual([]);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  const name = snapshotName(ended.name, databaseIn(world.settings));
  expect(await snapshots()).toMatchObject([
    {
      DBClusterSnapshotIdentifier: name,
      DBClusterIdentifier: databaseIn(world.settings).name,
      Status: 'available',
      TagList: expect.arrayContaining([{ Key: 'greenlight:deployment', Value: ended.name }]),
    },
  ]);
  expect((await rds.send(new DescribeDBSnapshotsCommand({}))).DBSnapshots).toEqual([]);
  expect((await world.schema()).applied).toHaveLength(2);
  await expectServing(world, { version: 'v2', slot: 'b' });
  await expectNothingLost();
});

it('restores it when a migration fails in the window: a cluster with an instance like each, and no order is lost', async () => {
  const before = await world.schema();
  const old = await serving();
  const members = await membersOf(old);
  const acknowledged = orders.acknowledged();
  expect(acknowledged).toBeGreaterThan(0);
  const ended = await world.deploy({
    ...{ image: 'shop:v4', ...quick, strategy: 'MAINTENANCE' },
    deadlines: { greenSeconds: 3000, rollbackSeconds: 3000 },
  });
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.any(String)]);
  expect(ended.path).toEqual(expect.arrayContaining(['StopWriters', 'RestoreDatabase', 'SwitchDatabase']));
  expect(ended.cause).toMatch(/the database is \S+ now, restored .* equal to what it was; \S+ is kept/);
  expect(ended.cause).not.toContain('not set as on the old one');
  expect(await world.schema()).toEqual(before);
  await expectServing(world, { version: 'v2', slot: 'b' });
  await expectNothingLost();
  expect(orders.acknowledged()).toBeGreaterThan(acknowledged);

  const restored = await serving();
  expect(restored.DBClusterIdentifier).toMatch(new RegExp(`^${old.DBClusterIdentifier}-[0-9a-f]{8}$`));
  for (const name of AS_BEFORE) expect([name, restored[name]]).toEqual([name, old[name]]);
  expect(restored.TagList).toEqual(
    expect.arrayContaining([
      { Key: 'team', Value: 'shop' },
      { Key: 'greenlight:deployment', Value: ended.name },
    ]),
  );
  const twins = await membersOf(restored);
  expect(twins).toHaveLength(2);
  const own = ({ DBInstanceClass, PromotionTier, DBParameterGroups, ...more }: DBInstance) => ({
    ...{ DBInstanceClass, PromotionTier, upgrades: more.AutoMinorVersionUpgrade },
    group: DBParameterGroups?.[0]?.DBParameterGroupName,
    monitored: [more.MonitoringInterval, more.MonitoringRoleArn],
  });
  expect(twins.map(own)).toEqual(members.map(own));
  expect(own(twins[0]!)).toMatchObject({ DBInstanceClass: 'db.r8g.large', upgrades: false });
  expect(own(twins[1]!)).toMatchObject({
    DBInstanceClass: 'db.serverless',
    monitored: [30, expect.stringContaining(':role/')],
  });

  // who looks into what went wrong finds the old one as it was
  const kept = (await clusters()).find((one) => one.DBClusterIdentifier === old.DBClusterIdentifier);
  expect(kept).toMatchObject({ Status: 'available', DBClusterMembers: old.DBClusterMembers });
});

it('leaves contract migrations for later while a session from before is open on a reader, where the writer knows of none', async () => {
  const end = await sessionOnReader('shop reports');
  const open = await world.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'shop reports'",
  );
  expect(open).toEqual([{ count: 0 }]);
  const [, reader] = await membersOf(await serving());
  const ended = await world.deploy({ image: 'shop:v7', ...quick, deadlines: { contractSeconds: 5 } });
  await end();
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(outputOf(ended)).toMatchObject({
    remark: expect.stringContaining(
      `database sessions from before the deployment are open: 1 of shop reports on reader ${reader!.DBInstanceIdentifier} after`,
    ),
  });
  expect(ended.path).not.toContain('StartContract');
  await expectServing(world, { version: 'v7', slot: 'a' });
});

it('leaves them for later while a reader cannot be looked at', async () => {
  const [, reader] = await membersOf(await serving());
  world.fault({
    operation: 'rds:DescribeDBInstances',
    kind: 'override',
    patch: { DBInstances: { Endpoint: { Address: '127.0.0.1', Port: 1 } } },
    role: 'PrepareContract',
  });
  const ended = await world.deploy({ image: 'shop:v7', ...quick, deadlines: { contractSeconds: 5 } });
  world.mend();
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(outputOf(ended).remark).toMatch(
    new RegExp(`nobody knows who still uses it \\(reader ${reader!.DBInstanceIdentifier}: ECONNREFUSED`),
  );
  expect(ended.path).not.toContain('StartContract');
});

it('runs them once no reader has one, behind a snapshot of the cluster that serves', async () => {
  const ended = await world.deploy({ image: 'shop:v7', ...quick });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  expect(ended.path).toContain('StartContract');
  expect(outputOf(ended).remark).toBe('');
  expect((await world.schema()).applied).toContain(DROP_NOTE);
  const { DBClusterIdentifier } = await serving();
  expect(await snapshots()).toContainEqual(
    expect.objectContaining({
      DBClusterSnapshotIdentifier: contractSnapshotName(ended.name, databaseIn(world.settings)),
      DBClusterIdentifier,
    }),
  );
  await expectNothingLost();
});

it('deletes old snapshots of the cluster that serves, its own alone', async () => {
  const { DBClusterIdentifier } = await serving();
  const theirs = { DBClusterIdentifier, DBClusterSnapshotIdentifier: 'before-the-audit' };
  await rds.send(new CreateDBClusterSnapshotCommand(theirs));
  const isTaken = async () =>
    (await snapshots()).every(({ Status }) => Status === 'available') &&
    (await serving()).Status === 'available';
  while (!(await isTaken())) await new Promise((resolve) => setTimeout(resolve, 50));
  const before = await snapshots();
  const own = before.filter(
    (one) =>
      one.DBClusterIdentifier === DBClusterIdentifier &&
      one.TagList?.some(({ Key }) => Key === 'greenlight:deployment'),
  );
  expect(own.length).toBeGreaterThan(1);
  await world.configure({ retention: { snapshotDays: 1, keepLast: 1 } });
  world.fault({
    operation: 'rds:DescribeDBClusterSnapshots',
    kind: 'override',
    patch: { DBClusterSnapshots: { SnapshotCreateTime: new Date('2020-01-01') } },
    role: 'ApplyRetention',
  });
  const ended = await world.deploy({ image: 'shop:v7', ...quick });
  world.mend();
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  const now = await snapshots();
  const gone = namesOf(before).filter((name) => !namesOf(now).includes(name));
  expect(gone.length).toBeGreaterThan(0);
  expect(namesOf(own)).toEqual(expect.arrayContaining(gone));
  expect(namesOf(now)).toContain('before-the-audit');
  // those of the cluster that a restore has replaced belong to whoever keeps that
  expect(now.some((one) => one.DBClusterIdentifier === databaseIn(world.settings).name)).toBe(true);
});

it('needed each statement that the steps have for a cluster', () => {
  const needed = world.cloud.services.iam.neededStatements();
  const ofCluster = declared(world).filter(({ name }) => /Clusters?$|Cluster[A-Z]|Member/.test(name));
  expect(ofCluster.length).toBeGreaterThan(15);
  expect(
    ofCluster
      .filter(({ roleArn, index }) => !needed.some((one) => one.roleArn === roleArn && one.index === index))
      .map(({ name }) => name),
  ).toEqual([]);
});
