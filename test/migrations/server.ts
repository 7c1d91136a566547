import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { findBinaries } from '../../local/postgres/binaries';
import { createCertificates } from '../../local/postgres/certificates';
import { createCluster, startCluster, stopCluster } from '../../local/postgres/cluster';
import { asSuperuser, createMaster } from '../../local/postgres/superuser';
import { startProcesses } from '../../local/processes';

const USER = 'shop';
const PASSWORD = 'secret';

/** How a migration tool is told of a database. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  caFile: string;
}

export interface Server {
  workDir: string;
  /** An empty database. */
  createDatabase(name: string): Promise<Connection>;
  connect(connection: Connection): Promise<Client>;
  close(): Promise<void>;
}

/** A real PostgreSQL that insists on TLS. The role's backends end soon after their client died. */
export async function startServer(): Promise<Server> {
  const processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  const parts = { processes, certificates, binaries: await findBinaries(processes.workDir) };
  const cluster = await createCluster(parts, `${processes.workDir}/data`);
  await startCluster(parts, cluster, {});
  await createMaster(cluster, { user: USER, password: PASSWORD });
  await asSuperuser(cluster, (client) =>
    client.query(`ALTER ROLE ${USER} SET client_connection_check_interval = '200ms'`),
  );
  return {
    workDir: processes.workDir,
    async createDatabase(database) {
      await asSuperuser(cluster, (client) => client.query(`CREATE DATABASE "${database}" OWNER ${USER}`));
      const { caFile } = certificates;
      return { host: '127.0.0.1', port: cluster.port, user: USER, password: PASSWORD, database, caFile };
    },
    async connect({ caFile, ...connection }) {
      const client = new Client({ ...connection, ssl: { ca: readFileSync(caFile, 'utf8') } });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    async close() {
      await stopCluster(parts, cluster);
      await processes.close();
    },
  };
}
