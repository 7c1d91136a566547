import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Cluster } from './cluster';
import { SUPERUSER } from './configuration';

/** Does something as the superuser. Its statements are neither logged nor counted: some contain passwords. */
export async function asSuperuser<Result>(
  cluster: Cluster,
  work: (client: Client) => Promise<Result>,
  connection: { database?: string; replication?: 'true' } = {},
): Promise<Result> {
  const client = new Client({
    host: '127.0.0.1',
    port: cluster.port,
    user: SUPERUSER,
    password: cluster.superuserPassword,
    database: 'postgres',
    application_name: 'rdsadmin',
    // a replication connection takes no such options
    ...(connection.replication ? {} : { options: '-c log_statement=none -c pg_stat_statements.track=none' }),
    ...connection,
  });
  // a server that goes away while nothing is asked must not end this process
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** What RDS gives its master user: no superuser, but roles, databases and the sight of everything. */
const MASTER_GRANTS = ['pg_monitor', 'pg_signal_backend', 'pg_read_all_stats', 'pg_checkpoint'];

/** The master user, the role rds_superuser and the first database. */
export async function createMaster(
  cluster: Cluster,
  master: { user: string; password: string; database?: string },
) {
  await asSuperuser(cluster, async (client) => {
    const user = escapeIdentifier(master.user);
    await client.query('CREATE ROLE rds_superuser NOLOGIN');
    await client.query(`GRANT ${MASTER_GRANTS.join(', ')} TO rds_superuser WITH ADMIN OPTION`);
    await client.query(
      `CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE PASSWORD ${escapeLiteral(master.password)}`,
    );
    await client.query(`GRANT rds_superuser TO ${user}`);
    const { database } = master;
    if (database === undefined) return;
    if (database === 'postgres') await client.query(`ALTER DATABASE postgres OWNER TO ${user}`);
    else await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${user}`);
  });
}

export async function setPassword(cluster: Cluster, user: string, password: string) {
  await asSuperuser(cluster, (client) =>
    client.query(`ALTER ROLE ${escapeIdentifier(user)} PASSWORD ${escapeLiteral(password)}`),
  );
}

/**
 * What a database of Aurora is told by: a function that no other PostgreSQL has. In the template as well, so that databases
 * which are made later have it. Source: Amazon Aurora User Guide, "aurora_version".
 */
export async function knowAurora(cluster: Cluster) {
  const { rows } = await asSuperuser(cluster, (client) => client.query('SHOW server_version'));
  const version = escapeLiteral(`${rows[0].server_version} of the local cloud`);
  for (const database of ['template1', 'postgres'])
    await asSuperuser(
      cluster,
      (client) =>
        client.query(
          `CREATE FUNCTION pg_catalog.aurora_version() RETURNS text LANGUAGE sql RETURN ${version}`,
        ),
      { database },
    );
}
