import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMostTimes, type Bench } from './frame/row';
import { fresh } from './frame/scratch';
import { writePlainProject } from './try/project';

const FILES = 300;

let project: { folder: string; files: string[] } | undefined;
function history() {
  if (!project) {
    const folder = fresh('plain');
    project = { folder, files: writePlainProject(folder, FILES) };
  }
  return project;
}

interface Place {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** An empty server for one sample; it is started before and ended behind what is measured. */
async function onServer<Value>(work: (url: (database: string) => string) => Promise<Value>): Promise<Value> {
  const root = join(__dirname, '..');
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'bin/run.js'), join(root, 'local/database.ts')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  try {
    const [line] = await once(child.stdout!, 'data');
    const { host, port, user, password } = (JSON.parse(String(line)) as { master: Place }).master;
    return await work((database) => `postgres://${user}:${password}@${host}:${port}/${database}`);
  } finally {
    child.stdin!.end();
    await once(child, 'exit');
  }
}

const attempt = ({ root }: Build, url: string, names: readonly string[]) =>
  run(
    process.execPath,
    [
      ...[join(root, 'bin', 'greenlight.js'), 'try', history().folder, '--database', url],
      ...names.flatMap((one) => ['--only', one]),
    ],
    { cwd: root },
  );

const FRESH = ['fresh', 'again'];
const ROWS = ['incremental', 'rollback'];

const version = () => /[\d.]+/.exec(spawnSync('psql', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[0];

/** The command by which a deployment runs plain SQL. */
const psql = {
  name: 'psql',
  version,
  sample: () =>
    onServer(async (url) => {
      const { folder, files } = history();
      const options = ['-X', '-q', '-v', 'ON_ERROR_STOP=1'];
      await run('psql', [...options, url('postgres'), '-c', 'CREATE DATABASE one'], { cwd: folder });
      const each = files.flatMap((file) => [
        ...['-c', 'BEGIN', '-f', file],
        ...['-c', `INSERT INTO plain_migrations VALUES ('${file}')`, '-c', 'COMMIT'],
      ]);
      const all = [
        ...options,
        url('one'),
        '-c',
        'CREATE TABLE plain_migrations (id text PRIMARY KEY)',
        ...each,
      ];
      const { wallMs } = await run('psql', all, { cwd: folder });
      return { fresh: wallMs / 1_000, rows: wallMs / 1_000 };
    }),
};

const HOW = `wall time on a server that runs, beside one run of psql over the same ${FILES} files`;

export const tried: Bench = {
  about: 'the migrations of a project tried, beside one run of them',
  measurements: [
    {
      rows: {
        fresh: {
          name: `greenlight try of ${FILES} files, ${FRESH.join(' and ')}`,
          unit: 's',
          how: HOW,
          wanted: [atMostTimes(3)],
        },
        rows: { name: `greenlight try of ${FILES} files, ${ROWS.join(' and ')}`, unit: 's', how: HOW },
      },
      sample: (build) =>
        onServer(async (url) => {
          const one = await attempt(build, url('postgres'), FRESH);
          const other = await attempt(build, url('postgres'), ROWS);
          return { fresh: one.wallMs / 1_000, rows: other.wallMs / 1_000 };
        }),
      beside: psql,
      runs: 3,
    },
  ],
};
