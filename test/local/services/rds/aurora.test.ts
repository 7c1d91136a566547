import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { scaledClock } from '../../../../local/clock';
import { createCertificates } from '../../../../local/postgres/certificates';
import { type Processes, startProcesses } from '../../../../local/processes';
import type { CloudEvent } from '../../../../local/service';
import { createRds, type Rds } from '../../../../local/services/rds';
import { until as within } from '../../processes/alive';

const PASSWORD = 'a-secret';
const until = (condition: () => Promise<boolean>) => within('what the test waits for', condition);
let processes: Processes;
let rds: Rds;
let ca: string;
const events: CloudEvent[] = [];

// biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
const call = async (operation: string, input: object = {}) => (rds.operations[operation] as any)(input);

const make = (type: string, properties: object) =>
  rds.resources![`AWS::RDS::${type}`]!(properties, {
    logicalId: 'Database',
    name: 'stack-Database',
    metadata: {},
  });

const clusterOf = async (identifier: string) =>
  (await call('DescribeDBClusters', { DBClusterIdentifier: identifier })).DBClusters[0];
const instanceOf = async (identifier: string) =>
  (await call('DescribeDBInstances', { DBInstanceIdentifier: identifier })).DBInstances[0];
const snapshotOf = async (identifier: string) =>
  (await call('DescribeDBClusterSnapshots', { DBClusterSnapshotIdentifier: identifier }))
    .DBClusterSnapshots[0];

async function query(port: number, sql: string) {
  const client = new Client({
    ...{ host: '127.0.0.1', port, user: 'shop', password: PASSWORD, database: 'shop' },
    ssl: { ca, rejectUnauthorized: true },
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
const portOf = async (instance: string): Promise<number> => (await instanceOf(instance)).Endpoint.Port;

const named = (name: string) => expect.objectContaining({ name });

const cluster = {
  DBClusterIdentifier: 'Aurora',
  Engine: 'aurora-postgresql',
  EngineVersion: '18.1',
  MasterUsername: 'shop',
  MasterUserPassword: PASSWORD,
  DatabaseName: 'shop',
  DBClusterParameterGroupName: 'aurora-parameters',
  ServerlessV2ScalingConfiguration: { MinCapacity: '0.5', MaxCapacity: '4' },
  VpcSecurityGroupIds: ['sg-1'],
  BackupRetentionPeriod: '7',
  CopyTagsToSnapshot: true,
  Tags: [{ Key: 'team', Value: 'a' }],
};
const instance = (DBInstanceIdentifier: string, more: object = {}) => ({
  ...{ DBInstanceIdentifier, DBClusterIdentifier: 'aurora', Engine: 'aurora-postgresql' },
  ...{ DBInstanceClass: 'db.r8g.large', ...more },
});

beforeAll(async () => {
  processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  ca = readFileSync(certificates.caFile, 'utf8');
  rds = createRds({ clock: scaledClock(), emit: (event) => events.push(event), processes, certificates });
  await make('DBClusterParameterGroup', {
    DBClusterParameterGroupName: 'aurora-parameters',
    Family: 'aurora-postgresql18',
    Parameters: { log_lock_waits: '1', max_connections: '40' },
  });
  await make('DBCluster', cluster);
  await make('DBInstance', instance('writer'));
});

afterAll(async () => {
  await rds.close?.();
  await processes.close();
});

describe('a DB cluster of the template', () => {
  it('is reached at its writer, with the parameters of the cluster, as a database that knows it is of Aurora', async () => {
    const { Endpoint, Port, Status, DBClusterMembers } = await clusterOf('aurora');
    expect({ Endpoint, Port, Status }).toEqual({
      ...{ Endpoint: '127.0.0.1', Status: 'available' },
      Port: await portOf('writer'),
    });
    expect(DBClusterMembers).toMatchObject([{ DBInstanceIdentifier: 'writer', IsClusterWriter: true }]);
    expect(rds.clusterEndpointOf('aurora')).toMatchObject({ port: Port, databaseName: 'shop' });
    expect(
      await query(
        Port,
        "SELECT aurora_version() ~ 'local cloud' AS aurora, current_setting('max_connections') AS most",
      ),
    ).toEqual([{ aurora: true, most: '40' }]);
  });

  it('shows of its members what the cluster manages as it is set there', async () => {
    expect(await instanceOf('writer')).toMatchObject({
      DBClusterIdentifier: 'aurora',
      DBInstanceStatus: 'available',
      Engine: 'aurora-postgresql',
      StorageType: 'aurora',
      BackupRetentionPeriod: 7,
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }],
      OptionGroupMemberships: [{ OptionGroupName: 'default:aurora-postgresql-18' }],
    });
  });

  it('has readers that show what the writer has written, with sessions of their own, and take no write', async () => {
    await call(
      'CreateDBInstance',
      instance('reader', { PromotionTier: 3, DBInstanceClass: 'db.serverless' }),
    );
    expect((await instanceOf('reader')).DBInstanceStatus).toBe('creating');
    await until(async () => (await instanceOf('reader')).DBInstanceStatus === 'available');
    const writer = await portOf('writer');
    const reader = await portOf('reader');
    expect(reader).not.toBe(writer);
    await query(writer, 'CREATE TABLE item (id int PRIMARY KEY); INSERT INTO item VALUES (1)');
    await until(async () => (await query(reader, 'SELECT id FROM item').catch(() => [])).length === 1);
    await expect(query(reader, 'INSERT INTO item VALUES (2)')).rejects.toThrow('read-only transaction');
    const sessions = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = 'shop'";
    const client = new Client({
      ...{ host: '127.0.0.1', port: reader, user: 'shop', password: PASSWORD, database: 'shop' },
      ssl: { ca, rejectUnauthorized: true },
    });
    await client.connect();
    expect(await query(writer, sessions)).toEqual([{ count: 1 }]);
    expect(await query(reader, sessions)).toEqual([{ count: 2 }]);
    await client.end();
    expect((await clusterOf('aurora')).DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'reader', IsClusterWriter: false, PromotionTier: 3 },
      { DBInstanceIdentifier: 'writer', IsClusterWriter: true, PromotionTier: 1 },
    ]);
    const found = await call('DescribeDBInstances', {
      Filters: [{ Name: 'db-cluster-id', Values: ['aurora'] }],
    });
    expect(found.DBInstances).toHaveLength(2);
  });

  it.each([
    [
      'a snapshot of a member',
      'CreateDBSnapshot',
      { DBInstanceIdentifier: 'writer', DBSnapshotIdentifier: 's' },
      'InvalidParameterValue',
      'CreateDBClusterSnapshot',
    ],
    [
      'a stop of a member',
      'StopDBInstance',
      { DBInstanceIdentifier: 'writer' },
      'InvalidParameterCombination',
      'not eligible',
    ],
    [
      'what the cluster manages, of a member',
      'ModifyDBInstance',
      { DBInstanceIdentifier: 'writer', BackupRetentionPeriod: 1 },
      'InvalidParameterCombination',
      'BackupRetentionPeriod for the DB Cluster',
    ],
    [
      'the same of a new one',
      'CreateDBInstance',
      instance('x', { VpcSecurityGroupIds: ['sg-2'] }),
      'InvalidParameterCombination',
      'VpcSecurityGroupIds',
    ],
    [
      'an instance in no cluster',
      'CreateDBInstance',
      instance('x', { DBClusterIdentifier: 'gone' }),
      'DBClusterNotFoundFault',
      'gone',
    ],
    [
      'an instance of another engine',
      'CreateDBInstance',
      instance('x', { Engine: 'aurora-mysql' }),
      'InvalidParameterValue',
      'aurora-mysql',
    ],
    [
      'a name that is taken',
      'CreateDBInstance',
      instance('writer'),
      'DBInstanceAlreadyExistsFault',
      'already exists',
    ],
    [
      'a promotion tier that there is not',
      'CreateDBInstance',
      instance('x', { PromotionTier: 16 }),
      'InvalidParameterValue',
      '16',
    ],
    [
      'a cluster that there is not',
      'DescribeDBClusters',
      { DBClusterIdentifier: 'gone' },
      'DBClusterNotFoundFault',
      'gone',
    ],
    [
      'a cluster without backups',
      'ModifyDBCluster',
      { DBClusterIdentifier: 'aurora', BackupRetentionPeriod: 0 },
      'InvalidParameterValue',
      '1 - 35',
    ],
    [
      'a cluster that has instances, deleted',
      'DeleteDBCluster',
      { DBClusterIdentifier: 'aurora', SkipFinalSnapshot: true },
      'InvalidDBClusterStateFault',
      'still contains',
    ],
    [
      'a writer deleted that has readers',
      'DeleteDBInstance',
      { DBInstanceIdentifier: 'writer' },
      'InvalidParameterCombination',
      'does not fail over',
    ],
    [
      'a snapshot name too long',
      'CreateDBClusterSnapshot',
      { DBClusterIdentifier: 'aurora', DBClusterSnapshotIdentifier: 's'.repeat(64) },
      'InvalidParameterValue',
      'DBClusterSnapshotIdentifier',
    ],
    [
      'a snapshot that there is not',
      'DeleteDBClusterSnapshot',
      { DBClusterSnapshotIdentifier: 'gone' },
      'DBClusterSnapshotNotFoundFault',
      'gone',
    ],
  ])('refuses %s', async (_, operation, input, name, word) => {
    const refused = call(operation, input);
    await expect(refused).rejects.toThrow(named(name));
    await expect(refused).rejects.toThrow(word);
  });
});

describe('a snapshot of a DB cluster', () => {
  it('is taken while users work, is no snapshot of an instance, and its cluster shows that it is taken', async () => {
    const taken = {
      DBClusterIdentifier: 'aurora',
      DBClusterSnapshotIdentifier: 'before',
      Tags: [{ Key: 'own', Value: 'x' }],
    };
    expect((await call('CreateDBClusterSnapshot', taken)).DBClusterSnapshot).toMatchObject({
      Status: 'creating',
    });
    expect((await clusterOf('aurora')).Status).toBe('backing-up');
    await expect(call('CreateDBClusterSnapshot', taken)).rejects.toThrow(
      named('DBClusterSnapshotAlreadyExistsFault'),
    );
    await expect(
      call('CreateDBClusterSnapshot', { ...taken, DBClusterSnapshotIdentifier: 'another' }),
    ).rejects.toThrow(named('InvalidDBClusterStateFault'));
    await until(async () => (await snapshotOf('before')).Status === 'available');
    await until(async () => (await clusterOf('aurora')).Status === 'available');
    expect(await snapshotOf('before')).toMatchObject({
      ...{ DBClusterIdentifier: 'aurora', PercentProgress: 100, SnapshotType: 'manual' },
      TagList: [
        { Key: 'team', Value: 'a' },
        { Key: 'own', Value: 'x' },
      ],
    });
    expect((await call('DescribeDBSnapshots')).DBSnapshots).toEqual([]);
    const ids = events
      .filter(({ detail }) => detail.SourceIdentifier === 'before')
      .map(({ detail }) => detail.EventID);
    expect(ids).toEqual(['RDS-EVENT-0074', 'RDS-EVENT-0075']);
  });

  it('is restored into a cluster without instances, with the defaults of RDS, and its first instance writes', async () => {
    await query(await portOf('writer'), 'INSERT INTO item VALUES (7)');
    const restore = {
      ...{ DBClusterIdentifier: 'again', SnapshotIdentifier: 'before', Engine: 'aurora-postgresql' },
      DBClusterParameterGroupName: 'aurora-parameters',
    };
    await call('RestoreDBClusterFromSnapshot', restore);
    await expect(call('RestoreDBClusterFromSnapshot', restore)).rejects.toThrow(
      named('DBClusterAlreadyExistsFault'),
    );
    const asked = instance('again-1', { DBClusterIdentifier: 'again', Tags: [{ Key: 'k', Value: 'v' }] });
    await expect(call('CreateDBInstance', asked)).rejects.toThrow(named('InvalidDBClusterStateFault'));
    await until(async () => (await clusterOf('again')).Status === 'available');
    const { Port, ...shown } = await clusterOf('again');
    expect(shown).toMatchObject({
      ...{ DBClusterMembers: [], BackupRetentionPeriod: 7, DeletionProtection: false },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-default' }],
      DBClusterParameterGroup: 'aurora-parameters',
    });
    expect(shown.ServerlessV2ScalingConfiguration).toBeUndefined();
    await expect(query(Port, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await expect(call('CreateDBInstance', { ...asked, DBInstanceClass: 'db.serverless' })).rejects.toThrow(
      named('InvalidDBClusterStateFault'),
    );
    await call('CreateDBInstance', asked);
    await until(async () => (await instanceOf('again-1')).DBInstanceStatus === 'available');
    expect(await query(Port, 'SELECT id FROM item')).toEqual([{ id: 1 }]);
    await query(Port, 'INSERT INTO item VALUES (2)');
    expect(await query(await portOf('writer'), 'SELECT id FROM item ORDER BY id')).toEqual([
      { id: 1 },
      { id: 7 },
    ]);
  });

  it('is deleted alone, and so are instances, whose cluster stays, and the cluster without them', async () => {
    await call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'before' });
    await expect(snapshotOf('before')).rejects.toThrow(named('DBClusterSnapshotNotFoundFault'));
    await call('DeleteDBInstance', { DBInstanceIdentifier: 'again-1' });
    await until(async () => (await clusterOf('again')).DBClusterMembers.length === 0);
    await call('CreateDBInstance', instance('again-2', { DBClusterIdentifier: 'again' }));
    await until(async () => (await instanceOf('again-2')).DBInstanceStatus === 'available');
    expect(await query(await portOf('again-2'), 'SELECT id FROM item ORDER BY id')).toHaveLength(2);
    await call('DeleteDBInstance', { DBInstanceIdentifier: 'again-2' });
    await until(async () => (await clusterOf('again')).DBClusterMembers.length === 0);
    await call('DeleteDBCluster', { DBClusterIdentifier: 'again', SkipFinalSnapshot: true });
    await until(async () => (await call('DescribeDBClusters')).DBClusters.length === 1);
  });
});

it('what is changed of a DB cluster later is there at once', async () => {
  await call('ModifyDBCluster', {
    ...{
      DBClusterIdentifier: 'aurora',
      ApplyImmediately: true,
      PreferredMaintenanceWindow: 'mon:01:00-mon:01:30',
    },
    DeletionProtection: true,
  });
  await call('AddRoleToDBCluster', {
    DBClusterIdentifier: 'aurora',
    RoleArn: 'arn:role',
    FeatureName: 's3Import',
  });
  await expect(
    call('AddRoleToDBCluster', {
      DBClusterIdentifier: 'aurora',
      RoleArn: 'arn:role',
      FeatureName: 's3Import',
    }),
  ).rejects.toThrow(named('DBClusterRoleAlreadyExistsFault'));
  expect(await clusterOf('aurora')).toMatchObject({
    PreferredMaintenanceWindow: 'mon:01:00-mon:01:30',
    AssociatedRoles: [{ RoleArn: 'arn:role', FeatureName: 's3Import', Status: 'ACTIVE' }],
  });
  await expect(
    call('DeleteDBCluster', { DBClusterIdentifier: 'aurora', SkipFinalSnapshot: true }),
  ).rejects.toThrow('protected');
});
