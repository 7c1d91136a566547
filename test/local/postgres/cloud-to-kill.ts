// Started and killed by orphans.test.ts: a cloud with a database in use and a backup under way.
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { scaledClock } from '../../../local/clock';
import { createCertificates } from '../../../local/postgres/certificates';
import { startProcesses } from '../../../local/processes';
import { createRds } from '../../../local/services/rds';

async function main() {
  const processes = await startProcesses();
  const certificates = await createCertificates(processes.workDir);
  const rds = createRds({ clock: scaledClock(), emit: () => {}, processes, certificates });
  const account = { user: 'main', password: 'secret-word', database: 'main' };
  await rds.resources!['AWS::RDS::DBInstance']!(
    {
      DBInstanceIdentifier: 'main',
      Engine: 'postgres',
      MasterUsername: account.user,
      MasterUserPassword: account.password,
      DBName: account.database,
    },
    { logicalId: 'Main', name: 'main', metadata: {} },
  );
  const ssl = { ca: readFileSync(certificates.caFile, 'utf8') };
  const client = new Client({ ...account, ssl, host: '127.0.0.1', port: rds.endpointOf('main')!.port });
  await client.connect();
  await client.query(
    'CREATE TABLE big AS SELECT g, repeat(md5(g::text), 20) AS text FROM generate_series(1, 50000) g',
  );
  const { rows } = await client.query('SELECT pid FROM pg_stat_activity');
  // an open transaction and a backup: a stop that waits for either would not come to an end
  await client.query('BEGIN; DELETE FROM big');
  await rds.operations.CreateDBSnapshot!(
    { DBInstanceIdentifier: 'main', DBSnapshotIdentifier: 'one' },
    { accessKeyId: 'test' },
  );
  const pids = [...processes.pids(), ...rows.map(({ pid }) => pid)];
  console.log(JSON.stringify({ pids, workDir: processes.workDir }));
}

main();
