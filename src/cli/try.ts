import { type Attempt, attempts, hurts, type Result } from '../domain/attempts/attempt';
import type { Migration } from '../domain/migrations/types';
import { ownTables } from '../migrations/history';
import { tryFresh } from './attempts/fresh';
import { tryIncremental } from './attempts/incremental';
import type { Step, Trying } from './attempts/lane';
import { plainRunner } from './attempts/plain-runner';
import { startServer, type TryServer, useServer } from './attempts/server';
import { annotations, type Told, told } from './attempts/told';
import { print, remark } from './print';
import { type ReleaseOptions, type ReleaseToTry, readToTry, shownPath } from './release';
import { UsageError } from './usage-error';

interface TryOptions extends Pick<ReleaseOptions, 'path' | 'tool' | 'since' | 'historyTable'> {
  /** An empty database of a server on which others may be made. */
  database?: string;
  /** PostgreSQL's major version. */
  postgres?: number | string;
  /** Roles that the environment has. */
  role?: string[];
  only?: Attempt[];
  format: 'text' | 'github' | 'json';
  json?: true;
}

/** Those that stood before, then those of the release; each alone where there is no release. */
function inSteps({ migrations, fresh }: ReleaseToTry): { ordered: Migration[]; steps: Step[] } {
  if (!fresh) return { ordered: migrations, steps: migrations.map((_, n) => ({ from: n, to: n + 1 })) };
  const stood = migrations.filter(({ id }) => !fresh.has(id));
  const ordered = [...stood, ...migrations.filter(({ id }) => fresh.has(id))];
  return { ordered, steps: [{ from: stood.length, to: ordered.length }] };
}

/** Tries all that is asked, one after the other. */
async function tryAll(trying: Trying, asked: ReadonlySet<Attempt>): Promise<void> {
  if (asked.has('fresh') || asked.has('again')) await tryFresh(trying, { again: asked.has('again') });
  if (asked.has('incremental') || asked.has('rollback'))
    await tryIncremental(trying, { incremental: asked.has('incremental'), rollback: asked.has('rollback') });
}

function majorOf(asked: number | string | undefined): number | undefined {
  if (asked === undefined || typeof asked === 'number') return asked;
  throw new UsageError(`--postgres needs a major version, such as 18, received ${JSON.stringify(asked)}`);
}

/** Ends what runs when somebody asks for it: the databases go, and with them whoever is connected. */
function untilStopped<Value>(server: TryServer, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        remark(`stopped by ${signal}; removing what was made`);
        server.end().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
      });
    work.then(resolve, reject);
  });
}

/** Exit code 1 when something was found that would hurt. */
export async function tryMigrations(options: TryOptions): Promise<number> {
  const asked = new Set<Attempt>(options.only ?? attempts);
  const major = majorOf(options.postgres);
  const release = await readToTry(options);
  const { root, tool } = release;
  const { ordered, steps } = inSteps(release);
  if (ordered.length === 0 || steps.every(({ from, to }) => from === to)) {
    print('nothing to try: no migration has come');
    return 0;
  }
  const { database, role = [] } = options;
  const server = await (database === undefined ? startServer(major, root, role) : useServer(database, role));
  const results: Result[] = [];
  const place = { tool: tool.name, historyTable: options.historyTable ?? release.historyTable };
  const trying: Trying = {
    server,
    runner: plainRunner(
      server,
      ordered,
      release.migrations.map(({ id }) => id),
    ),
    tool,
    historyTable: place.historyTable,
    own: ownTables(place),
    migrations: ordered,
    beside: release.beside,
    steps,
    tell: (result) => results.push({ ...result, file: result.file && shownPath(root, result.file) }),
    unfilled: new Map(),
    progress: remark,
  };
  try {
    await untilStopped(server, tryAll(trying, asked));
  } finally {
    await server.end();
  }
  report(options.json ? 'json' : options.format, {
    major: server.major,
    tool: tool.name,
    migrations: release.migrations.map(({ id, file }) => ({ id, file: shownPath(root, file) })),
    attempts: [...asked],
    results,
    withoutRows: [...trying.unfilled].map(([table, why]) => ({ table, why })),
  });
  return hurts(results) ? 1 : 0;
}

function report(format: string, all: Told): void {
  if (format === 'json') print(JSON.stringify(all, null, 2));
  else if (format === 'github') for (const line of annotations(all)) print(line);
  else print(told(all));
}
