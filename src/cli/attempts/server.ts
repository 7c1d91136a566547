import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client, type ClientConfig } from 'pg';
import { identifier } from '../../domain/attempts/rows/shape';
import { guard } from '../../domain/database/migration-task';
import { localProgram } from '../local-program';

/** What the sessions of everything that is tried are called. */
export const TRYING = 'greenlight-try';

/** A server on which databases come and go. */
export interface TryServer {
  major: number;
  /** What a tool finds in its environment. */
  environment(database: string): Record<string, string>;
  /** A session as the migrations have it. */
  connect(database: string): Promise<Client>;
  /** A session that may do everything, where there is one; else as the migrations have it. */
  command(database: string): Promise<Client>;
  /** Makes a database, empty or as another one, to which nobody may be connected. */
  create(database: string, like?: string): Promise<void>;
  /** Removes a database, with whoever is connected to it, and the roles that have come since the server was opened. */
  remove(database: string): Promise<void>;
  /** Removes what is left of all that was made. */
  end(): Promise<void>;
}

interface Place {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** What `local/database.ts` says when it is ready. */
interface Ready {
  major: number;
  caFile: string;
  master: Place;
  superuser: Place;
}

async function open(config: ClientConfig): Promise<Client> {
  const client = new Client({ application_name: TRYING, ...config });
  // a session that is ended while nothing is asked must not end this process
  client.on('error', () => {});
  await client.connect();
  return client;
}

const OPTIONS = guard(TRYING).map(({ name, value }): [string, string] => [name, value]);
const SESSION_OPTIONS = guard(TRYING).find(({ name }) => name === 'PGOPTIONS')!.value;

/** Every usual way of telling a tool of a database. */
function environmentOf(url: URL, { caFile }: { caFile?: string }): Record<string, string> {
  const [user, password] = [url.username, url.password].map(decodeURIComponent) as [string, string];
  const [host, port, database] = [
    url.hostname,
    url.port || '5432',
    decodeURIComponent(url.pathname.slice(1)),
  ];
  const jdbc = `jdbc:postgresql://${host}:${port}/${database}`;
  return {
    ...Object.fromEntries(OPTIONS),
    DATABASE_URL: url.href,
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    ...(caFile && { PGSSLROOTCERT: caFile }),
    FLYWAY_URL: jdbc,
    FLYWAY_USER: user,
    FLYWAY_PASSWORD: password,
    LIQUIBASE_COMMAND_URL: jdbc,
    LIQUIBASE_COMMAND_USERNAME: user,
    LIQUIBASE_COMMAND_PASSWORD: password,
  };
}

/** A server with databases for attempts, from sessions on its own database. */
async function serverOf(
  migrations: (database: string) => URL,
  {
    admin,
    home,
    caFile,
    roles,
  }: { admin: (database: string) => ClientConfig; home: string; caFile?: string; roles: readonly string[] },
  release: () => Promise<void>,
): Promise<TryServer> {
  const manager = await open(admin(home));
  const named = async () =>
    (await manager.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles')).rows.map(
      ({ name }) => name,
    );
  const made = new Set<string>();
  const own: string[] = [];
  const before = new Set(await named());
  for (const role of roles) {
    if (before.has(role)) continue;
    await manager.query(`CREATE ROLE ${identifier(role)} NOLOGIN`);
    own.push(role);
  }
  const known = new Set(await named());
  const owner = decodeURIComponent(migrations(home).username);
  const { rows } = await manager.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  const drop = async (role: string) => {
    // what it still owns lies in a database that is no attempt's
    await manager.query(`DROP ROLE IF EXISTS ${identifier(role)}`).catch(() => {});
  };
  async function remove(database: string) {
    await manager.query(`DROP DATABASE IF EXISTS ${identifier(database)} WITH (FORCE)`);
    made.delete(database);
    for (const role of await named()) if (!known.has(role)) await drop(role);
  }
  return {
    major: rows[0]!.major,
    environment: (database) => environmentOf(migrations(database), { caFile }),
    connect: (database) => open({ connectionString: migrations(database).href, options: SESSION_OPTIONS }),
    command: (database) => open(admin(database)),
    async create(database, like) {
      made.add(database);
      const template = like === undefined ? '' : ` TEMPLATE ${identifier(like)}`;
      await manager.query(`CREATE DATABASE ${identifier(database)} OWNER ${identifier(owner)}${template}`);
    },
    remove,
    async end() {
      try {
        for (const database of [...made]) await remove(database);
        for (const role of own) await drop(role);
        await manager.end();
      } finally {
        await release();
      }
    },
  };
}

/**
 * An embedded PostgreSQL of the package greenlight-local, or of the project where it has another major version. It ends with
 * this process, however that ends.
 */
export async function startServer(
  major: number | undefined,
  here: string,
  roles: readonly string[],
): Promise<TryServer> {
  const asked = major === undefined ? [] : ['--major', String(major)];
  const child = spawn(process.execPath, [...localProgram('database', here), ...asked, '--from', here], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is this process's to handle: databases are still needed then
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const exit = once(child, 'close');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => text as string),
    exit.then(() => undefined),
  ]);
  if (line === undefined)
    throw new Error(said.replace(/^error: /, '').trim() || 'PostgreSQL could not be started');
  const { master, superuser, caFile } = JSON.parse(line) as Ready;
  const migrations = (database: string) => {
    const url = new URL(`postgres://${master.host}:${master.port}`);
    url.username = master.user;
    url.password = master.password;
    url.pathname = database;
    url.searchParams.set('sslmode', 'disable');
    return url;
  };
  return serverOf(
    migrations,
    { admin: (database) => ({ ...superuser, database }), home: 'postgres', caFile, roles },
    async () => {
      child.stdin.end();
      await exit;
    },
  );
}

/** Everything of the user's that a database may hold. Objects of extensions count as theirs. */
const CONTENTS = `
SELECT kind, name FROM (
  SELECT 'table' AS kind, n.nspname || '.' || c.relname AS name, c.oid, 'pg_class'::regclass AS class, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'function', n.nspname || '.' || p.proname, p.oid, 'pg_proc', n.nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  UNION ALL SELECT 'type', n.nspname || '.' || t.typname, t.oid, 'pg_type', n.nspname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  UNION ALL SELECT 'schema', nspname, oid, 'pg_namespace', nspname FROM pg_namespace WHERE nspname <> 'public'
) AS every WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = every.class AND e.objid = every.oid AND e.deptype = 'e')
ORDER BY kind = 'table' DESC, 2 LIMIT 1`;

/**
 * Databases beside an empty one, on the same server; the one that is named is only looked at. Throws for one with anything in
 * it, and for a role that may not make databases.
 */
export async function useServer(named: string, roles: readonly string[]): Promise<TryServer> {
  const url = new URL(named);
  const migrations = (database: string) => {
    const other = new URL(url);
    other.pathname = encodeURIComponent(database);
    return other;
  };
  const admin = (database: string) => ({ connectionString: migrations(database).href });
  const home = decodeURIComponent(url.pathname.slice(1)) || 'postgres';
  const client = await open(admin(home));
  try {
    const { rows: found } = await client.query<{ kind: string; name: string }>(CONTENTS);
    if (found[0])
      throw new Error(
        `the database ${home} is not empty: it has the ${found[0].kind} ${found[0].name}; nothing was changed there. Name an empty one, or leave --database out`,
      );
    const { rows: rights } = await client.query<{ may: boolean; name: string }>(
      'SELECT rolcreatedb OR rolsuper AS may, rolname::text AS name FROM pg_roles WHERE rolname = current_user',
    );
    if (!rights[0]?.may)
      throw new Error(
        `the role ${rights[0]?.name} may not make databases, one for each attempt; ALTER ROLE ${rights[0]?.name} CREATEDB, or leave --database out`,
      );
  } finally {
    await client.end();
  }
  return serverOf(migrations, { admin, home, roles }, async () => {});
}
