import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Processes } from '../processes';
import { freePort } from '../processes/ports';
import type { Binaries } from './binaries';
import type { Certificates } from './certificates';
import {
  CERTIFICATE_FILE,
  configurationFile,
  HOST_BASED_AUTHENTICATION,
  KEY_FILE,
  SUPERUSER,
  WITHOUT_TLS,
} from './configuration';
import { trustMaster } from './extensions';

export interface ClusterParts {
  processes: Processes;
  certificates: Certificates;
  binaries: Binaries;
}

/** A PostgreSQL cluster: one data directory and, while it runs, one server. */
export interface Cluster {
  readonly directory: string;
  /** Random; known to the local cloud only. */
  readonly superuserPassword: string;
  port: number;
  /** Programs of this machine may come without TLS, which RDS lets nobody. */
  withoutTls?: true;
  /** The cluster whose changes it replays; such a one can be read and not written. */
  follows?: Cluster;
  server?: ChildProcess;
  /** Called when a server that was ready ends without having been asked to. */
  crashed?: () => void;
}

/** Fast shutdown waits for nothing but a checkpoint. */
const STOP_GRACE_MS = 10_000;
const LOG_LINES_KEPT = 50;

/** The major from which on a locale needs nothing of the machine. */
const BUILTIN_LOCALES = 17;
/** The major from which on extensions are looked for in more than one folder. */
const EXTENSION_FOLDERS = 18;

/** Environment of every PostgreSQL program: nothing of the user's PG* variables may reach them. */
const environment = () => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

/** Runs a program as the server's user, resolves with its exit; rejects with what it printed when it fails. */
export function runAsServer(parts: ClusterParts, command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = parts.processes.spawn(command, args, {
      ...parts.binaries.account,
      cwd: '/',
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (text: Buffer) => {
      output = (output + text).slice(-4_000);
    };
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${signal ?? code}: ${output.trim()}`));
    });
  });
}

/** A directory that the server's user owns; PostgreSQL insists on mode 0700. */
export async function serverDirectory(parts: ClusterParts, path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 });
  const { account } = parts.binaries;
  if (account) await chown(path, account.uid, account.gid);
  return path;
}

async function writeServerFile(parts: ClusterParts, path: string, content: string) {
  await writeFile(path, content, { mode: 0o600 });
  const { account } = parts.binaries;
  if (account) await chown(path, account.uid, account.gid);
}

/** An empty cluster, not started. */
export async function createCluster(parts: ClusterParts, directory: string): Promise<Cluster> {
  await serverDirectory(parts, directory);
  const superuserPassword = randomBytes(24).toString('hex');
  const passwordFile = `${directory}.password`;
  await writeServerFile(parts, passwordFile, superuserPassword);
  await runAsServer(parts, join(parts.binaries.bin, 'initdb'), [
    ...['-D', directory, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--no-sync'],
    ...(parts.binaries.major >= BUILTIN_LOCALES
      ? ['--locale-provider=builtin', '--locale=C.UTF-8']
      : ['--locale=C']),
  ]);
  return { directory, superuserPassword, port: 0 };
}

/** Writes the configuration: certificate, access rules and the parameters of the parameter group. */
async function configure(parts: ClusterParts, cluster: Cluster, parameters: Record<string, string>) {
  const { certificate, key } = await parts.certificates.issue('localhost');
  const write = (name: string, content: string) =>
    writeServerFile(parts, join(cluster.directory, name), content);
  const folders = parts.binaries.major >= EXTENSION_FOLDERS;
  await Promise.all([
    write(CERTIFICATE_FILE, certificate),
    write(KEY_FILE, key),
    write('pg_hba.conf', cluster.withoutTls ? WITHOUT_TLS : HOST_BASED_AUTHENTICATION),
    write('postgresql.conf', configurationFile(cluster, parameters, folders)),
    ...(folders ? [trustMaster(parts.binaries.bin, cluster.directory)] : []),
    ...(cluster.follows ? [write('standby.signal', '')] : []),
  ]);
}

function launch(parts: ClusterParts, cluster: Cluster): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = parts.processes.spawn(join(parts.binaries.bin, 'postgres'), ['-D', cluster.directory], {
      ...parts.binaries.account,
      cwd: '/',
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      stopSignal: 'SIGINT',
    });
    cluster.server = server;
    let lines: string[] = [];
    let ready = false;
    server.stderr!.setEncoding('utf8');
    server.stderr!.on('data', (text: string) => {
      lines = [...lines, ...text.trimEnd().split('\n')].slice(-LOG_LINES_KEPT);
      if (/ready to accept (read-only )?connections/.test(text)) {
        ready = true;
        resolve();
      }
    });
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      const unasked = cluster.server === server;
      if (unasked) cluster.server = undefined;
      if (unasked && ready) cluster.crashed?.();
      reject(new Error(`PostgreSQL ended with ${signal ?? code}: ${lines.join('\n')}`));
    });
  });
}

/** Starts the server; the first time on a free port, later on the same. Rejects with the server's own words. */
export async function startCluster(
  parts: ClusterParts,
  cluster: Cluster,
  parameters: Record<string, string>,
) {
  if (cluster.port === 0) cluster.port = await freePort();
  await configure(parts, cluster, parameters);
  await launch(parts, cluster);
}

export async function stopCluster(parts: ClusterParts, cluster: Cluster) {
  const { server } = cluster;
  cluster.server = undefined;
  if (server) await parts.processes.stop(server, STOP_GRACE_MS);
}
