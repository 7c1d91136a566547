import { readFileSync } from 'node:fs';
import {
  type DBSnapshot,
  DescribeDBInstancesCommand,
  paginateDescribeDBSnapshots,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { databaseIn } from '../../../src/domain/settings/database';
import { fingerprintOf } from '../../../src/postgres/fingerprint';
import type { Connection } from '../../migrations/server';
import { type Ground, until } from './ground';

/** The service's database, and RDS around it. */
export interface Database {
  schema(): Promise<{ fingerprint: string; applied: string[] }>;
  /** Uses a session of the database, which ends afterwards. */
  inSession<T>(use: (client: Client) => Promise<T>): Promise<T>;
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** How a program is told of the database. */
  connection(): Promise<Connection>;
  /** The database's password: a test looks for it where it must not be. */
  password(): Promise<string>;
  /** Holds a table as a forgotten transaction does, which has read it, under a name if one is given; the result lets go. */
  holdLock(
    table: string,
    application?: string,
    mode?: 'ACCESS SHARE' | 'ROW EXCLUSIVE',
  ): Promise<() => Promise<void>>;
  /** Stops the server's processes for an application name, so that no signal ends them; the result lets them go on. */
  freeze(application: string): Promise<() => void>;
  /** A session of the database under a name, as a person or another program holds it; the result ends it. */
  connectAs(program: string): Promise<() => Promise<void>>;
  /** The database does not run until the result is called: RDS has stopped it. */
  stopDatabase(): Promise<() => Promise<void>>;
  /** SIGKILL to the server of the first database; it is started again and recovers, as on RDS. */
  crashDatabase(): Promise<void>;
  snapshots(): Promise<{ name: string; status: string; createdAt?: Date }[]>;
}

export function databaseOf({ cloud, settings, clients: { rds, secrets } }: Ground): Database {
  async function connect(program = 'a test'): Promise<Client> {
    const { caFile, ...connection } = await all.connection();
    const client = new Client({
      ...connection,
      ssl: { ca: readFileSync(caFile, 'utf8') },
      application_name: program,
    });
    // a server that goes away is noticed by the next statement
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  const all: Database = {
    schema: () =>
      all.inSession(async (client) => {
        const { rows } = await client.query<{ version: string }>(
          'SELECT version FROM schema_migrations ORDER BY 1',
        );
        return {
          fingerprint: await fingerprintOf(client, ['schema_migrations']),
          applied: rows.map(({ version }) => version),
        };
      }),
    async inSession(use) {
      const client = await connect();
      try {
        return await use(client);
      } finally {
        await client.end();
      }
    },
    query: (sql) => all.inSession(async (client) => (await client.query(sql)).rows),
    async connection() {
      const { SecretString } = await secrets.send(
        new GetSecretValueCommand({ SecretId: settings.database.secret }),
      );
      const { host, port, dbname: database, username: user, password } = JSON.parse(SecretString ?? '{}');
      return { host, port, database, user, password, caFile: cloud.caFile };
    },
    password: async () => (await all.connection()).password,
    async holdLock(table, application = '', mode = 'ACCESS SHARE') {
      const client = await connect();
      await client.query("SELECT set_config('application_name', $1, false)", [application]);
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${client.escapeIdentifier(table)} IN ${mode} MODE`);
      return () => client.end();
    },
    async freeze(application) {
      const backends = await all.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = '${application}'`,
      );
      for (const { pid } of backends) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const { pid } of backends) process.kill(pid, 'SIGCONT');
      };
    },
    async connectAs(program) {
      const client = await connect(program);
      return () => client.end();
    },
    async stopDatabase() {
      const DBInstanceIdentifier = databaseIn(settings).name;
      await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
      return async () => {
        const status = async () =>
          (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances?.[0]
            ?.DBInstanceStatus;
        await until(async () => (await status()) === 'stopped' || undefined);
        await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
        await until(async () => (await status()) === 'available' || undefined);
      };
    },
    async crashDatabase() {
      cloud.services.rds.serverOf(databaseIn(settings).name)?.kill('SIGKILL');
    },
    async snapshots() {
      const found: DBSnapshot[] = [];
      for await (const { DBSnapshots = [] } of paginateDescribeDBSnapshots({ client: rds }, {}))
        found.push(...DBSnapshots);
      return found.map(({ DBSnapshotIdentifier, Status, SnapshotCreateTime }) => ({
        name: DBSnapshotIdentifier ?? '',
        status: Status ?? '',
        createdAt: SnapshotCreateTime,
      }));
    },
  };
  return all;
}
