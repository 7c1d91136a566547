import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { guard } from '../../src/domain/database/migration-task';
import type { Connection } from './server';

const root = join(__dirname, '..', '..');
export const TOOLS = join(root, 'test', 'tools', 'node_modules');

const PATH = [
  join(TOOLS, '.bin'),
  join(TOOLS, 'liquibase', 'dist', 'liquibase'),
  join(root, 'node_modules', '.bin'),
  process.env.PATH,
].join(delimiter);

/** What the tools need of the machine, and how they are kept quick. */
export const MACHINE = {
  PATH,
  LC_ALL: 'C.UTF-8',
  // a lock that is held is reported at once
  LIQUIBASE_CHANGELOG_LOCK_WAIT_TIME_IN_MINUTES: '0',
  LIQUIBASE_CHANGELOG_LOCK_POLL_RATE: '1',
  // short runs: compiling well would cost more than it saves
  JAVA_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto',
  CHECKPOINT_DISABLE: '1',
};

/** Every tool's way of being told of the database. */
const environment = ({ host, port, user, password, database, caFile }: Connection) => ({
  ...MACHINE,
  HOME: process.env.HOME,
  ...Object.fromEntries(guard('greenlight-contract').map(({ name, value }) => [name, value])),
  DATABASE_URL: `postgres://${user}:${password}@${host}:${port}/${database}?sslmode=verify-full&sslrootcert=${caFile}`,
  PGHOST: host,
  PGPORT: String(port),
  PGUSER: user,
  PGPASSWORD: password,
  PGDATABASE: database,
  PGSSLMODE: 'verify-full',
  PGSSLROOTCERT: caFile,
  LIQUIBASE_COMMAND_URL: `jdbc:postgresql://${host}:${port}/${database}?sslmode=verify-full&sslrootcert=${caFile}`,
  LIQUIBASE_COMMAND_USERNAME: user,
  LIQUIBASE_COMMAND_PASSWORD: password,
});

export interface Running {
  /** SIGKILL to everything it started, as when a container is killed. */
  kill(): void;
  ended: Promise<{ code: number | null; output: string }>;
}

/** Runs a tool's command line in a project's folder. */
export function start([command, ...args]: string[], folder: string, connection: Connection): Running {
  const child = spawn(command!, args, {
    cwd: folder,
    env: environment(connection) as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const one: Running = {
    kill: () => process.kill(-child.pid!, 'SIGKILL'),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        running.delete(one);
        resolve({ code, output });
      });
    }),
  };
  running.add(one);
  return one;
}

/** Runs command lines one after the other. Rejects with what the first failing one printed. */
export async function succeed(commands: string[][], folder: string, connection: Connection) {
  for (const command of commands) {
    const { code, output } = await start(command, folder, connection).ended;
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${output}`);
  }
}

/** Whether a program is on the path of the tools. */
export const isInstalled = (program: string) =>
  PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

const running = new Set<Running>();

/** Kills what a failed test left. */
export function killAll() {
  for (const one of running) one.kill();
}
