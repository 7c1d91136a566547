import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { scaledClock } from '../../local/clock';
import { createCertificates } from '../../local/postgres/certificates';
import { startProcesses } from '../../local/processes';
import { createRds } from '../../local/services/rds';

/** A real PostgreSQL for a test, as RDS gives it: TLS, a master user that is no superuser, one empty database. */
export interface Server {
  /** As RDS keeps it in a secret. */
  credentials: { host: string; port: number; dbname: string; username: string; password: string };
  /** PEM file of the authority that signed the server's certificate. */
  caFile: string;
  connect(): Promise<Client>;
  close(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  const rds = createRds({ clock: scaledClock(), emit: () => {}, processes, certificates });
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
    },
    { logicalId: 'Test', name: 'test', metadata: {} },
  );
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
    async close() {
      await rds.close?.();
      await processes.close();
    },
  };
}
