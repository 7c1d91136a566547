import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { scaledClock } from '../../local/clock';
import { createCertificates } from '../../local/postgres/certificates';
import { startProcesses } from '../../local/processes';
import { createRds } from '../../local/services/rds';
import { until } from '../local/processes/alive';

/** A real PostgreSQL for a test, as RDS gives it: TLS, a master user that is no superuser, one empty database. */
export interface Server {
  /** As RDS keeps it in a secret. */
  credentials: { host: string; port: number; dbname: string; username: string; password: string };
  /** PEM file of the authority that signed the server's certificate. */
  caFile: string;
  /** At another address than its own: that of a reader. */
  connect(at?: { host: string; port: number }): Promise<Client>;
  /** Kills it, as the snapshot of a volume finds it, and waits until it has recovered. */
  crash(): Promise<void>;
  /** Of a cluster: where another server answers that shows what this one writes, and has replayed all of it by now. */
  reader(): Promise<{ host: string; port: number }>;
  /** Takes a snapshot and restores it: where the copy answers. */
  restored(): Promise<{ host: string; port: number }>;
  close(): Promise<void>;
}

/**
 * @param parameters of the instance's parameter group
 * @param kind of the database: an instance of RDS, or a cluster of Aurora, whose writer it then is
 */
export async function startServer(
  parameters: Record<string, string> = {},
  kind: 'instance' | 'cluster' = 'instance',
): Promise<Server> {
  const processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  const rds = createRds({ clock: scaledClock(), emit: () => {}, processes, certificates });
  const logical = { logicalId: 'Test', name: 'test', metadata: {} };
  await rds.resources?.['AWS::RDS::DBParameterGroup']?.(
    { DBParameterGroupName: 'test', Family: 'postgres18', Parameters: parameters },
    logical,
  );
  const make = (type: string, properties: object) =>
    rds.resources?.[`AWS::RDS::${type}`]?.(properties, logical);
  const master = { MasterUsername: 'app', MasterUserPassword: 'a-test-password', EngineVersion: '18' };
  const own = { DBInstanceClass: 'db.t4g.micro', DBParameterGroupName: 'test' };
  const member = { ...own, Engine: 'aurora-postgresql', DBClusterIdentifier: 'test' };
  if (kind === 'cluster') {
    const { Engine } = member;
    await make('DBCluster', { ...master, Engine, DBClusterIdentifier: 'test', DatabaseName: 'app' });
    await make('DBInstance', { ...member, DBInstanceIdentifier: 'test' });
  } else
    await make('DBInstance', {
      ...{ ...master, ...own, DBInstanceIdentifier: 'test', Engine: 'postgres', DBName: 'app' },
      AllocatedStorage: '20',
      // else its first backup would keep every suite waiting
      BackupRetentionPeriod: 0,
    });
  // biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
  const call = async (operation: string, input: object) => (rds.operations[operation] as any)(input);
  const { host, port } = rds.endpointOf('test')!;
  const { caFile } = certificates;
  async function connect(at = { host, port }) {
    const client = new Client({
      host: at.host,
      port: at.port,
      database: 'app',
      user: 'app',
      password: 'a-test-password',
      ssl: { ca: readFileSync(caFile, 'utf8') },
    });
    await client.connect();
    return client;
  }
  return {
    credentials: { host, port, dbname: 'app', username: 'app', password: 'a-test-password' },
    caFile,
    connect,
    async crash() {
      const before = rds.serverOf('test');
      before?.kill('SIGKILL');
      await until('it has recovered', async () => {
        const { DBInstances } = await call('DescribeDBInstances', { DBInstanceIdentifier: 'test' });
        return (
          DBInstances[0].DBInstanceStatus === 'available' &&
          ![undefined, before].includes(rds.serverOf('test'))
        );
      });
    },
    async reader() {
      const DBInstanceIdentifier = 'reader';
      if (!rds.endpointOf(DBInstanceIdentifier)) {
        await call('CreateDBInstance', { ...member, DBInstanceIdentifier });
        await until('the reader is there', async () => {
          const { DBInstances } = await call('DescribeDBInstances', { DBInstanceIdentifier });
          return DBInstances[0].DBInstanceStatus === 'available';
        });
      }
      const at = rds.endpointOf(DBInstanceIdentifier)!;
      const [writer, client] = await Promise.all([connect(), connect(at)]);
      try {
        // written as a transaction, so that nothing of it waits to be sent
        const { rows } = await writer.query("SELECT pg_logical_emit_message(true, 'test', '') AS lsn");
        await until('the reader has replayed it', async () => {
          const { rows: seen } = await client.query('SELECT pg_last_wal_replay_lsn() >= $1 AS all', [
            rows[0].lsn,
          ]);
          return seen[0].all;
        });
      } finally {
        await Promise.all([writer.end(), client.end()]);
      }
      return { host: at.host, port: at.port };
    },
    async restored() {
      const [DBInstanceIdentifier, DBSnapshotIdentifier] = ['restored', 'snapshot'];
      await call('CreateDBSnapshot', { DBInstanceIdentifier: 'test', DBSnapshotIdentifier });
      await until('the snapshot is there', async () => {
        const { DBSnapshots } = await call('DescribeDBSnapshots', { DBSnapshotIdentifier });
        return DBSnapshots[0].Status === 'available';
      });
      await call('RestoreDBInstanceFromDBSnapshot', {
        DBInstanceIdentifier,
        DBSnapshotIdentifier,
        DBParameterGroupName: 'test',
      });
      await until('the copy is there', async () => {
        const { DBInstances } = await call('DescribeDBInstances', { DBInstanceIdentifier });
        return DBInstances[0].DBInstanceStatus === 'available';
      });
      const copy = rds.endpointOf(DBInstanceIdentifier)!;
      return { host: copy.host, port: copy.port };
    },
    async close() {
      await rds.close?.();
      await processes.close();
    },
  };
}
