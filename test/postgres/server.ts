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
  connect(): Promise<Client>;
  /** Kills it, as the snapshot of a volume finds it, and waits until it has recovered. */
  crash(): Promise<void>;
  /** Takes a snapshot and restores it: where the copy answers. */
  restored(): Promise<{ host: string; port: number }>;
  close(): Promise<void>;
}

/** @param parameters of the instance's parameter group */
export async function startServer(parameters: Record<string, string> = {}): Promise<Server> {
  const processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  const rds = createRds({ clock: scaledClock(), emit: () => {}, processes, certificates });
  const logical = { logicalId: 'Test', name: 'test', metadata: {} };
  await rds.resources?.['AWS::RDS::DBParameterGroup']?.(
    { DBParameterGroupName: 'test', Family: 'postgres18', Parameters: parameters },
    logical,
  );
  const make = rds.resources?.['AWS::RDS::DBInstance'];
  await make?.(
    {
      DBInstanceIdentifier: 'test',
      Engine: 'postgres',
      EngineVersion: '18',
      DBName: 'app',
      MasterUsername: 'app',
      MasterUserPassword: 'a-test-password',
      AllocatedStorage: '20',
      // else its first backup would keep every suite waiting
      BackupRetentionPeriod: 0,
      DBInstanceClass: 'db.t4g.micro',
      DBParameterGroupName: 'test',
    },
    logical,
  );
  // biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
  const call = async (operation: string, input: object) => (rds.operations[operation] as any)(input);
  const { host, port } = rds.endpointOf('test')!;
  const { caFile } = certificates;
  return {
    credentials: { host, port, dbname: 'app', username: 'app', password: 'a-test-password' },
    caFile,
    async connect() {
      const client = new Client({
        host,
        port,
        database: 'app',
        user: 'app',
        password: 'a-test-password',
        ssl: { ca: readFileSync(caFile, 'utf8') },
      });
      await client.connect();
      return client;
    },
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
