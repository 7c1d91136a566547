import {
  AddRoleToDBInstanceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { type Orders, startOrders } from './orders';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

const SPEED = 20;
const FIRST_BACKUP_MS = 3_000;

let world: World;
let orders: Orders;
let rds: RDSClient;
beforeAll(async () => {
  world = await startWorld({ rate: 100, speed: SPEED });
  orders = startOrders(world.url, 20);
  rds = new RDSClient(world.aws);
});
afterAll(async () => {
  await orders?.stop();
  await world?.close();
});

const local = () => world.cloud.services.rds;

/** The instance that serves is backed up for so many seconds of cloud time. */
const backedUp = (seconds: number) => local().backUp(databaseIn(world.settings).name, seconds * 1000);

const asBefore = { version: 'v1', slot: 'a' } as const;
const maintain = (image: string, deadlines = {}) =>
  world.deploy({
    image,
    ...quick,
    strategy: 'MAINTENANCE',
    deadlines: { greenSeconds: 3000, rollbackSeconds: 3000, ...deadlines },
  });

const instances = async (): Promise<DBInstance[]> =>
  (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];

describe('a database that is being backed up when a deployment wants its snapshot', () => {
  it('is waited for, for longer than any fault that passes by itself', async () => {
    const over = backedUp(200);
    const ended = await world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } }, 'late');
    await over;
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.path.filter((state) => state === 'SnapshotDatabase').length).toBeGreaterThan(1);
    expect(await world.snapshots()).toContainEqual(
      expect.objectContaining({
        name: snapshotName('late', databaseIn(world.settings)),
        status: 'available',
      }),
    );
    await expectServing(world, asBefore);
    await world.rest();
  });

  it('is not waited for beyond the deadline of the snapshot: nothing was changed, and why is said', async () => {
    const over = backedUp(200);
    const before = await world.schema();
    const ended = await world.deploy({ image: 'shop:v2', ...quick, deadlines: { snapshotSeconds: 60 } });
    expect([ended.outcome, ended.cause]).toEqual([
      'DeploymentRejected',
      expect.stringMatching(
        /there is no snapshot \S+: database instance \S+ is backing-up after \d+ s; .*nothing/,
      ),
    ]);
    expect(await world.schema()).toEqual(before);
    await expectServing(world, asBefore);
    await over;
  });

  it('keeps no service closed: users are served until it is over', async () => {
    const announced = world.load.announced();
    const over = backedUp(120);
    let isOver = false;
    over.then(() => {
      isOver = true;
    });
    const deployed = maintain('shop:v4');
    while (!isOver) {
      expect(await world.isClosed()).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const ended = await deployed;
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.path.filter((state) => state === 'AwaitDatabase').length).toBeGreaterThan(1);
    expect(world.load.announced()).toBeGreaterThan(announced);
    expect([world.load.lost(), orders.failed(), await orders.missing(world)]).toEqual([0, 0, []]);
    await world.rest();
  });

  it('lets nobody close a service that could not be migrated then', async () => {
    const announced = world.load.announced();
    const [serving] = await instances();
    const over = local().backUp(serving!.DBInstanceIdentifier!, 200_000);
    const ended = await maintain('shop:v2', { snapshotSeconds: 30 });
    expect([ended.outcome, ended.cause]).toEqual([
      'DeploymentRejected',
      expect.stringMatching(/is backing-up after \d+ s, and takes no snapshot; nothing was changed/),
    ]);
    expect(ended.path).not.toContain('CloseService');
    expect(world.load.announced()).toBe(announced);
    await over;
    await world.rest();
  });
});

describe('a restored database', () => {
  afterEach(async () => {
    local().pace.firstBackupMs = FIRST_BACKUP_MS;
    await world.rest();
  });

  it('has what is off by default, and what it could not be given is said with the command for it', async () => {
    const [source] = await instances();
    const { DBInstanceIdentifier } = source!;
    await rds.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier,
        EnableIAMDatabaseAuthentication: true,
        EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
        PreferredMaintenanceWindow: 'tue:01:00-tue:02:00',
        DatabaseInsightsMode: 'advanced',
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 465,
        MaxAllocatedStorage: 200,
        ApplyImmediately: true,
      }),
    );
    const RoleArn = 'arn:aws:iam::000000000000:role/import';
    await rds.send(
      new AddRoleToDBInstanceCommand({ DBInstanceIdentifier, RoleArn, FeatureName: 's3Import' }),
    );
    const ended = await maintain('shop:v4');
    expect(ended.outcome).toBe('RolledBack');
    const restored = (await instances()).find((one) => one.DBInstanceIdentifier !== DBInstanceIdentifier);
    expect(restored).toMatchObject({
      IAMDatabaseAuthenticationEnabled: true,
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      PreferredMaintenanceWindow: 'tue:01:00-tue:02:00',
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsRetentionPeriod: 465,
      MaxAllocatedStorage: 200,
    });
    // the construct was not told of the role, so nobody may hand it over
    expect(ended.cause).toMatch(
      new RegExp(
        `not set as on the old one: role ${RoleArn} for s3Import \\(AccessDenied.*\\): aws rds add-role-to-db-instance --db-instance-identifier \\S+ --role-arn ${RoleArn} --feature-name s3Import`,
      ),
    );
    expect([world.load.lost(), orders.failed(), await orders.missing(world)]).toEqual([0, 0, []]);
  });

  it('serves while its first backup is taken', async () => {
    const known = (await instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
    local().pace.firstBackupMs = 86_400_000;
    const ended = await maintain('shop:v4', { snapshotSeconds: 500 });
    expect(ended.outcome).toBe('RolledBack');
    const restored = (await instances()).find(
      ({ DBInstanceIdentifier }) => !known.includes(DBInstanceIdentifier),
    );
    expect(restored?.DBInstanceStatus).toBe('backing-up');
    expect(ended.cause).toContain(`the database is ${restored?.DBInstanceIdentifier} now`);
    expect(ended.cause).toMatch(
      /not set as on the old one: .*its state is backing-up.*aws rds modify-db-instance/,
    );
    expect(await world.isClosed()).toBe(false);
    expect(await world.serving()).toEqual(['v1']);
    expect([world.load.lost(), orders.failed(), await orders.missing(world)]).toEqual([0, 0, []]);
  });
});
