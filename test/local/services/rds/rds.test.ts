import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { scaledClock } from '../../../../local/clock';
import { createCertificates } from '../../../../local/postgres/certificates';
import { type Processes, startProcesses } from '../../../../local/processes';
import type { CloudEvent } from '../../../../local/service';
import { createRds, type Rds } from '../../../../local/services/rds';
import { page } from '../../../../local/services/rds/page';
import { type InstanceRecord, initialising } from '../../../../local/services/rds/records';
import { until } from '../../processes/alive';

const PASSWORD = "it's-a-'secret'";
let processes: Processes;
let rds: Rds;
let ca: string;
const events: CloudEvent[] = [];

// biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
const call = async (operation: string, input: object = {}) => (rds.operations[operation] as any)(input);

const make = (type: string, properties: object) =>
  rds.resources![type]!(properties, { logicalId: 'Database', name: 'stack-Database', metadata: {} });

const statusOf = async (identifier: string): Promise<string> =>
  (await call('DescribeDBInstances', { DBInstanceIdentifier: identifier })).DBInstances[0].DBInstanceStatus;

const snapshotStatus = async (identifier: string): Promise<string> =>
  (await call('DescribeDBSnapshots', { DBSnapshotIdentifier: identifier })).DBSnapshots[0].Status;

async function query(
  identifier: string,
  sql: string,
  options: { user?: string; password?: string; ssl?: false } = {},
) {
  const { port, databaseName } = rds.endpointOf(identifier)!;
  const { user = 'shop', password = PASSWORD } = options;
  const ssl = options.ssl === false ? false : { ca, rejectUnauthorized: true };
  const client = new Client({ host: '127.0.0.1', port, user, password, database: databaseName, ssl });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const database = {
  DBInstanceIdentifier: 'Shop',
  Engine: 'postgres',
  EngineVersion: '18.1',
  DBInstanceClass: 'db.t4g.small',
  AllocatedStorage: '20',
  MasterUsername: 'shop',
  MasterUserPassword: PASSWORD,
  DBName: 'shop',
  DBParameterGroupName: 'shop-parameters',
  CopyTagsToSnapshot: true,
  Tags: [{ Key: 'team', Value: 'a' }],
};

beforeAll(async () => {
  processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  ca = readFileSync(certificates.caFile, 'utf8');
  rds = createRds({ clock: scaledClock(), emit: (event) => events.push(event), processes, certificates });
  await make('AWS::RDS::DBParameterGroup', {
    DBParameterGroupName: 'shop-parameters',
    Family: 'postgres18',
    Parameters: { log_lock_waits: 1, max_connections: '50', 'rds.force_ssl': 1 },
  });
});

afterAll(async () => {
  await rds.close?.();
  await processes.close();
});

describe('a database instance of the template', () => {
  it('is a real server that is available when it is created, after its first backup', async () => {
    const seen = new Set<string>();
    const watch = setInterval(
      () =>
        void statusOf('shop').then(
          (status) => seen.add(status),
          () => {},
        ),
      50,
    );
    const resource = await make('AWS::RDS::DBInstance', database);
    clearInterval(watch);
    // in this order
    expect([...seen].filter((status) => status !== 'available')).toEqual(['creating', 'backing-up']);
    expect(resource.ref).toBe('shop');
    const { port } = rds.endpointOf('shop')!;
    expect(resource.attributes).toMatchObject({
      'Endpoint.Address': '127.0.0.1',
      'Endpoint.Port': String(port),
      DBInstanceArn: 'arn:aws:rds:eu-west-1:000000000000:db:shop',
    });
    const { DBInstances } = await call('DescribeDBInstances', { DBInstanceIdentifier: 'shop' });
    expect(DBInstances).toMatchObject([
      {
        DBInstanceStatus: 'available',
        EngineVersion: '18.1',
        Endpoint: { Address: '127.0.0.1', Port: port },
      },
    ]);
    expect(await query('shop', 'SELECT current_database() AS name')).toEqual([{ name: 'shop' }]);
  });

  it('lets its master user create the extensions that RDS offers, and no other', async () => {
    await query('shop', 'CREATE EXTENSION pg_stat_statements');
    await query('shop', 'SELECT 1 AS counted');
    const counted = await query('shop', "SELECT calls FROM pg_stat_statements WHERE query ~ 'AS counted'");
    await query('shop', 'DROP EXTENSION pg_stat_statements');
    expect(counted).toEqual([{ calls: '1' }]);
    await expect(query('shop', 'CREATE EXTENSION file_fdw')).rejects.toThrow('permission denied');
  });

  it('gives its master user the rights of RDS, not those of a superuser', async () => {
    const [role] = await query(
      'shop',
      `SELECT rolsuper, rolcreatedb, rolcreaterole, pg_has_role('pg_signal_backend', 'USAGE') AS signal,
       pg_has_role('pg_read_all_stats', 'USAGE') AS stats FROM pg_roles WHERE rolname = current_user`,
    );
    expect(role).toEqual({
      rolsuper: false,
      rolcreatedb: true,
      rolcreaterole: true,
      signal: true,
      stats: true,
    });
    await query('shop', 'CREATE TABLE public.item (id int PRIMARY KEY)');
    await expect(query('shop', "COPY item FROM PROGRAM 'echo 1'")).rejects.toThrow('permission denied');
  });

  it('refuses connections without TLS, with a wrong password, and clients that do not trust its authority', async () => {
    await expect(query('shop', 'SELECT 1', { ssl: false })).rejects.toThrow('no encryption');
    await expect(query('shop', 'SELECT 1', { password: 'wrong' })).rejects.toThrow(
      'password authentication failed',
    );
    const { port } = rds.endpointOf('shop')!;
    const distrustful = new Client({ host: '127.0.0.1', port, user: 'shop', password: PASSWORD, ssl: true });
    await expect(distrustful.connect()).rejects.toThrow('certificate');
  });

  it('runs with the parameters of its group', async () => {
    expect(await query('shop', 'SHOW max_connections')).toEqual([{ max_connections: '50' }]);
    expect(await query('shop', 'SHOW log_lock_waits')).toEqual([{ log_lock_waits: 'on' }]);
    expect(await query('shop', 'SHOW ssl')).toEqual([{ ssl: 'on' }]);
  });

  it('is refused with a parameter that PostgreSQL does not know, in its own words', async () => {
    await make('AWS::RDS::DBParameterGroup', {
      DBParameterGroupName: 'wrong',
      Parameters: { no_such_thing: '1' },
    });
    const refused = make('AWS::RDS::DBInstance', {
      ...database,
      DBInstanceIdentifier: 'wrong',
      DBParameterGroupName: 'wrong',
    });
    await expect(refused).rejects.toThrow(/unrecognized configuration parameter "no_such_thing"/);
    expect(await statusOf('wrong')).toBe('failed');
  });

  it.each([
    [{ EngineVersion: '15.4' }, /version 15\.4 .* PostgreSQL 18/],
    [{ Engine: 'mysql' }, /Invalid DB engine: mysql/],
    [{ ManageMasterUserPassword: true }, /ManageMasterUserPassword is not supported/],
    [{ DBParameterGroupName: 'missing' }, /DBParameterGroup not found: missing/],
    [{ DBInstanceIdentifier: 'a--b' }, /DBInstanceIdentifier is not a valid identifier/],
    [{}, /already exists/],
  ])('is refused when it could not be what is asked for: %j', async (change, message) => {
    await expect(make('AWS::RDS::DBInstance', { ...database, ...change })).rejects.toThrow(message);
  });
});

describe('a snapshot', () => {
  it('is taken while the database is written to, and restored as another instance', async () => {
    await query(
      'shop',
      'CREATE TABLE account AS SELECT g AS id, 100 AS balance FROM generate_series(1, 1000) g',
    );
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await query(
          'shop',
          'UPDATE account SET balance = balance + CASE id WHEN 1 THEN 1 WHEN 2 THEN -1 END WHERE id IN (1, 2)',
        );
      }
    })();
    const { DBSnapshot } = await call('CreateDBSnapshot', {
      DBSnapshotIdentifier: 'Before-1',
      DBInstanceIdentifier: 'shop',
      Tags: [{ Key: 'deployment', Value: '1' }],
    });
    expect(DBSnapshot).toMatchObject({
      DBSnapshotIdentifier: 'before-1',
      Status: 'creating',
      PercentProgress: 0,
    });
    expect(await statusOf('shop')).toBe('backing-up');
    await until('the snapshot is available', async () => (await snapshotStatus('before-1')) === 'available');
    writing = false;
    await writer;
    await until('the instance is available', async () => (await statusOf('shop')) === 'available');
    await query('shop', 'TRUNCATE account');

    const { DBInstance } = await call('RestoreDBInstanceFromDBSnapshot', {
      DBInstanceIdentifier: 'shop-restored',
      DBSnapshotIdentifier: 'before-1',
    });
    expect(DBInstance).toMatchObject({ DBInstanceStatus: 'creating', DeletionProtection: false });
    expect(DBInstance.Endpoint).toBeUndefined();
    expect(DBInstance.DBParameterGroups[0].DBParameterGroupName).toBe('default.postgres18');
    await until('its first backup', async () => (await statusOf('shop-restored')) === 'backing-up');
    await until('the copy is available', async () => (await statusOf('shop-restored')) === 'available');
    expect(rds.endpointOf('shop-restored')!.port).not.toBe(rds.endpointOf('shop')!.port);
    expect(
      await query('shop-restored', 'SELECT count(*)::int AS n, sum(balance)::int AS total FROM account'),
    ).toEqual([{ n: 1000, total: 100_000 }]);
    expect(await query('shop', 'SELECT count(*)::int AS n FROM account')).toEqual([{ n: 0 }]);
  });

  it('carries the tags of its instance and its own', async () => {
    const ResourceName = 'arn:aws:rds:eu-west-1:000000000000:snapshot:before-1';
    await call('AddTagsToResource', { ResourceName, Tags: [{ Key: 'deployment', Value: '2' }] });
    expect((await call('ListTagsForResource', { ResourceName })).TagList).toEqual([
      { Key: 'team', Value: 'a' },
      { Key: 'deployment', Value: '2' },
    ]);
  });

  it.each([
    ['shop', 'before-1', 'DBSnapshotAlreadyExistsFault', 'DBSnapshotAlreadyExists'],
    ['none', 'new', 'DBInstanceNotFoundFault', 'DBInstanceNotFound'],
    ['wrong', 'new', 'InvalidDBInstanceStateFault', 'InvalidDBInstanceState'],
    ['shop', 'with_underscore', 'InvalidParameterValue', 'InvalidParameterValue'],
    ['shop', 'ends-', 'InvalidParameterValue', 'InvalidParameterValue'],
  ])('of %s named %s is refused with %s', async (DBInstanceIdentifier, DBSnapshotIdentifier, name) => {
    await expect(
      call('CreateDBSnapshot', { DBInstanceIdentifier, DBSnapshotIdentifier }),
    ).rejects.toMatchObject({ name });
  });

  it('has the status failed when its backup fails, and the instance is usable again', async () => {
    const first = call('CreateDBSnapshot', {
      DBInstanceIdentifier: 'shop-restored',
      DBSnapshotIdentifier: 'doomed',
    });
    await first;
    rds.serverOf('shop-restored')!.kill('SIGKILL');
    await until('the snapshot has failed', async () => (await snapshotStatus('doomed')) === 'failed');
    await expect(
      call('RestoreDBInstanceFromDBSnapshot', { DBInstanceIdentifier: 'x', DBSnapshotIdentifier: 'doomed' }),
    ).rejects.toMatchObject({ name: 'InvalidDBSnapshotStateFault' });
    await until('the server has been started again', () => rds.serverOf('shop-restored') !== undefined);
    await until('the instance is available', async () => (await statusOf('shop-restored')) === 'available');
    expect(await query('shop-restored', 'SELECT count(*)::int AS n FROM account')).toEqual([{ n: 1000 }]);
  });

  it('is deleted with its files', async () => {
    await call('DeleteDBSnapshot', { DBSnapshotIdentifier: 'doomed' });
    await call('DeleteDBSnapshot', { DBSnapshotIdentifier: 'before-1' });
    await expect(snapshotStatus('before-1')).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
    expect(events.map(({ detail }) => detail.EventID)).toEqual(
      expect.arrayContaining(['RDS-EVENT-0040', 'RDS-EVENT-0042', 'RDS-EVENT-0041', 'RDS-EVENT-0005']),
    );
  });
});

describe('an instance', () => {
  it('is being backed up once a day for so long, and takes no snapshot and no change meanwhile', async () => {
    let over = false;
    const backup = rds.backUp('shop', 300).then(() => {
      over = true;
    });
    expect(await statusOf('shop')).toBe('backing-up');
    await expect(
      call('CreateDBSnapshot', { DBSnapshotIdentifier: 'no', DBInstanceIdentifier: 'shop' }),
    ).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    await expect(
      call('ModifyDBInstance', { DBInstanceIdentifier: 'shop', DeletionProtection: true }),
    ).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    expect(await query('shop', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(over).toBe(false);
    await backup;
    expect(await statusOf('shop')).toBe('available');
  });

  it('has a maintenance window, Database Insights, monitoring and roles, as they were set', async () => {
    const change = (more: object) =>
      call('ModifyDBInstance', { DBInstanceIdentifier: 'shop', ApplyImmediately: true, ...more });
    const role = { RoleArn: 'arn:aws:iam::000000000000:role/import', FeatureName: 's3Import' };
    await expect(change({ DatabaseInsightsMode: 'advanced' })).rejects.toThrow('at least 465 days');
    await expect(change({ MonitoringInterval: 30 })).rejects.toThrow('MonitoringRoleARN value is required');
    await change({
      PreferredMaintenanceWindow: 'tue:01:00-tue:02:00',
      DatabaseInsightsMode: 'advanced',
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 465,
    });
    await call('AddRoleToDBInstance', { DBInstanceIdentifier: 'shop', ...role });
    await expect(
      call('AddRoleToDBInstance', { DBInstanceIdentifier: 'shop', ...role }),
    ).rejects.toMatchObject({ name: 'DBInstanceRoleAlreadyExistsFault' });
    expect((await call('DescribeDBInstances', { DBInstanceIdentifier: 'shop' })).DBInstances).toMatchObject([
      {
        PreferredMaintenanceWindow: 'tue:01:00-tue:02:00',
        DatabaseInsightsMode: 'advanced',
        PerformanceInsightsRetentionPeriod: 465,
        AssociatedRoles: [{ ...role, Status: 'ACTIVE' }],
      },
    ]);
  });

  it('takes a new password, a new name and deletion protection', async () => {
    const identifier = { DBInstanceIdentifier: 'shop-restored' };
    await call('ModifyDBInstance', {
      ...identifier,
      MasterUserPassword: 'new-secret',
      DeletionProtection: true,
    });
    await expect(query('shop-restored', 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await query('shop-restored', 'SELECT 1 AS one', { password: 'new-secret' })).toEqual([{ one: 1 }]);
    await call('ModifyDBInstance', {
      ...identifier,
      NewDBInstanceIdentifier: 'renamed',
      ApplyImmediately: true,
    });
    expect(rds.endpointOf('shop-restored')).toBeUndefined();
    expect(rds.endpointOf('renamed')).toMatchObject({ identifier: 'renamed', databaseName: 'shop' });
    await expect(call('DeleteDBInstance', { DBInstanceIdentifier: 'renamed' })).rejects.toThrow('protected');
    await expect(
      call('ModifyDBInstance', { DBInstanceIdentifier: 'renamed', MultiAZ: true }),
    ).rejects.toThrow('MultiAZ would wait for the maintenance window');
    await expect(
      call('ModifyDBInstance', { DBInstanceIdentifier: 'renamed', EngineVersion: '19' }),
    ).rejects.toThrow('EngineVersion is not supported');
  });

  it('is started again after a crash of its server, with what was committed', async () => {
    const before = rds.endpointOf('shop');
    await query('shop', 'CREATE TABLE kept AS SELECT 1 AS one');
    const server = rds.serverOf('shop')!;
    server.kill('SIGKILL');
    await until('another server runs', () => ![undefined, server].includes(rds.serverOf('shop')));
    await until('it is available', async () => (await statusOf('shop')) === 'available');
    expect(rds.endpointOf('shop')).toEqual(before);
    expect(await query('shop', 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await call('RebootDBInstance', { DBInstanceIdentifier: 'shop' });
    expect(await statusOf('shop')).toBe('rebooting');
    await until('it is available', async () => (await statusOf('shop')) === 'available');
    expect(await query('shop', 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('keeps its data and its endpoint when it is stopped and started', async () => {
    const before = rds.endpointOf('shop');
    await query('shop', 'INSERT INTO account VALUES (7, 7)');
    await call('StopDBInstance', { DBInstanceIdentifier: 'shop' });
    await until('it is stopped', async () => (await statusOf('shop')) === 'stopped');
    expect(rds.serverOf('shop')).toBeUndefined();
    await call('StartDBInstance', { DBInstanceIdentifier: 'shop' });
    await until('it is available', async () => (await statusOf('shop')) === 'available');
    expect(rds.endpointOf('shop')).toEqual(before);
    expect(await query('shop', 'SELECT balance FROM account')).toEqual([{ balance: 7 }]);
  });

  it('is modified and its volume optimised for as long as the pace says: changes wait, a snapshot waits for the first', async () => {
    const before = { ...rds.pace };
    Object.assign(rds.pace, { modifyingMs: 300, optimisingMs: 600_000 });
    await call('ModifyDBInstance', {
      ...{ DBInstanceIdentifier: 'shop', AllocatedStorage: 40, ApplyImmediately: true },
    });
    Object.assign(rds.pace, before);
    expect(await statusOf('shop')).toBe('modifying');
    const early = { DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: 'early' };
    await expect(call('CreateDBSnapshot', early)).rejects.toThrow('modifying');
    await until('its volume is optimised', async () => (await statusOf('shop')) === 'storage-optimization');
    await expect(
      call('ModifyDBInstance', { DBInstanceIdentifier: 'shop', DeletionProtection: false }),
    ).rejects.toThrow('storage-optimization');
    await call('CreateDBSnapshot', early);
    await until('it is available', async () => (await statusOf('shop')) === 'available');
  });

  it('that was restored reads its volume as it needs it, and says how far it is', () => {
    const record = { settings: {}, lazy: { from: 1_000, to: 2_000 } } as unknown as InstanceRecord;
    const shown = (now: number) => {
      const { StorageOperationStatus: status, StorageOperationPercentProgress: percent } = initialising(
        record,
        now,
      );
      return [status, percent];
    };
    expect([1_000, 1_999, 2_000].map(shown)).toEqual([
      ['Initializing', 0],
      ['Initializing', 99],
      [undefined, undefined],
    ]);
  });

  it('is gone after its deletion, server and all', async () => {
    await call('ModifyDBInstance', { DBInstanceIdentifier: 'renamed', DeletionProtection: false });
    const server = rds.serverOf('renamed')!;
    await call('DeleteDBInstance', { DBInstanceIdentifier: 'renamed', SkipFinalSnapshot: true });
    await until('it is not found', () =>
      statusOf('renamed').then(
        () => false,
        (error) => error.name === 'DBInstanceNotFoundFault',
      ),
    );
    expect(server.exitCode).toBe(0);
  });

  it('is listed in pages of 20 to 100, as RDS has them', async () => {
    await expect(call('DescribeDBInstances', { MaxRecords: 1 })).rejects.toThrow(
      'Must be between 20 and 100',
    );
    const items = Array.from({ length: 45 }, (_, n) => n);
    const first = page(items, { MaxRecords: 20 });
    const second = page(items, { MaxRecords: 20, Marker: first.marker });
    const third = page(items, { MaxRecords: 20, Marker: second.marker });
    expect([...first.items, ...second.items, ...third.items]).toEqual(items);
    expect(third.marker).toBeUndefined();
  });
});
