import { readFileSync } from 'node:fs';
import { type Attempt, attempts, hurts, type Result } from '../domain/attempts/attempt';
import { parseSurvey, type SurveyFile, sizesIn } from '../domain/attempts/survey';
import type { Migration } from '../domain/migrations/types';
import { ownTables } from '../migrations/history';
import { commandRunner } from './attempts/command-runner';
import { tryFresh } from './attempts/fresh';
import { tryIncremental } from './attempts/incremental';
import type { Step, Trying } from './attempts/lane';
import { plainRunner } from './attempts/plain-runner';
import type { Runner } from './attempts/runner';
import { startServer, type TryServer, useServer } from './attempts/server';
import { annotations, type Told, told } from './attempts/told';
import { tryTwins } from './attempts/twin';
import { type Took, tryVolume } from './attempts/volume';
import { print, remark } from './print';
import { type ReleaseOptions, type ReleaseToTry, readToTry, shownPath } from './release';
import { UsageError } from './usage-error';

/** More make the fill longer than what is measured. */
const MOST_ROWS = 1_000_000;

interface TryOptions extends Pick<ReleaseOptions, 'path' | 'tool' | 'since' | 'historyTable'> {
  /** An empty database of a server on which others may be made. */
  database?: string;
  /** PostgreSQL's major version. */
  postgres?: number | string;
  /** Runs the migrations, and takes them back, instead of the tool's own commands. */
  command?: string;
  revertCommand?: string;
  /** Brings the service's reference data. */
  seeds?: string;
  /** Roles that the environment has. */
  role?: string[];
  only?: Attempt[];
  /** A file of `greenlight survey`. */
  survey?: string;
  /** At most so many rows are made in a table. */
  rows?: number | string;
  format: 'text' | 'github' | 'json';
  json?: true;
}

/** Those that stood before, then those of the release. */
function inOrder({ migrations, since }: ReleaseToTry): { ordered: Migration[]; stood: number } {
  if (!since) return { ordered: migrations, stood: 0 };
  const stood = migrations.filter(({ id }) => !since.fresh.has(id));
  return { ordered: [...stood, ...migrations.filter(({ id }) => since.fresh.has(id))], stood: stood.length };
}

/** Each migration by itself, those that cannot be told apart together. */
function oneByOne(from: number, to: number, isApart: (count: number) => boolean): Step[] {
  const ends = Array.from({ length: to - from }, (_, n) => from + n + 1).filter(
    (end) => end === to || isApart(end),
  );
  return ends.map((end, n) => ({ from: ends[n - 1] ?? from, to: end }));
}

function runnerOf(
  server: TryServer,
  release: ReleaseToTry,
  ordered: readonly Migration[],
  options: TryOptions,
): Runner {
  const { tool, migrations } = release;
  const { command, revertCommand } = options;
  if (tool.name === 'plain' && command === undefined)
    return plainRunner(
      server,
      ordered,
      migrations.map(({ id }) => id),
    );
  return commandRunner(server, { ...projectOf(release, ordered), command, revertCommand });
}

/** What a command is run in. */
const projectOf = ({ root, project, tool, since }: ReleaseToTry, ordered: readonly Migration[]) => ({
  ...{ root, project, tool, migrations: ordered },
  before: since && {
    project: since.before,
    changed: since.changed,
    count: ordered.length - since.fresh.size,
  },
});

/** Tries all that is asked, one after the other. */
async function tryAll(trying: Trying, asked: ReadonlySet<Attempt>, most: number): Promise<Took[]> {
  if (asked.has('fresh') || asked.has('again') || asked.has('seeds'))
    await tryFresh(trying, { again: asked.has('again'), seeds: asked.has('seeds') });
  if (asked.has('incremental') || asked.has('rollback'))
    await tryIncremental(trying, { incremental: asked.has('incremental'), rollback: asked.has('rollback') });
  if (asked.has('interrupted') || asked.has('two-at-once')) await tryTwins(trying, asked);
  return asked.has('volume') ? tryVolume(trying, most) : [];
}

/** What is tried: all, but what takes a survey or a command of the service's own only with one. */
function askedOf({ only, survey, seeds }: TryOptions): Set<Attempt> {
  if (only?.includes('seeds') && seeds === undefined)
    throw new UsageError('--only seeds needs --seeds LINE, which brings the reference data');
  if (only?.includes('volume') && survey === undefined)
    throw new UsageError('--only volume needs --survey FILE, which greenlight survey writes');
  const given: Partial<Record<Attempt, string | undefined>> = { volume: survey, seeds };
  return new Set(only ?? attempts.filter((one) => !(one in given) || given[one] !== undefined));
}

function readSurvey(file: string): SurveyFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}; greenlight survey writes it`);
  }
  return parseSurvey(value, file);
}

/** A whole number that is positive, or what else is to be used. */
function wholeOf(flag: string, given: number | string | undefined): number | undefined {
  if (given === undefined || (typeof given === 'number' && given > 0)) return given as number | undefined;
  throw new UsageError(`--${flag} needs a positive whole number, received ${JSON.stringify(given)}`);
}

/** What has been made so far, to be removed when somebody stops it. */
function removedWhenStopped(): { remove: () => Promise<void> } {
  const made = { remove: async () => {} };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      remark(`stopped by ${signal}; removing what was made`);
      made.remove().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  return made;
}

/** Exit code 1 when something was found that would hurt. */
export async function tryMigrations(options: TryOptions): Promise<number> {
  const asked = askedOf(options);
  const most = wholeOf('rows', options.rows) ?? MOST_ROWS;
  const survey = options.survey === undefined ? undefined : readSurvey(options.survey);
  const major = wholeOf('postgres', options.postgres) ?? survey?.major;
  const release = await readToTry(options);
  const { root, tool } = release;
  const { ordered, stood } = inOrder(release);
  if (ordered.length === stood) {
    print('nothing to try: no migration has come');
    return 0;
  }
  const { database, role = [] } = options;
  const made = removedWhenStopped();
  const server = await (database === undefined ? startServer(major, root, role) : useServer(database, role));
  const runner = runnerOf(server, release, ordered, options);
  const seeds =
    options.seeds === undefined
      ? undefined
      : commandRunner(server, { ...projectOf(release, ordered), command: options.seeds });
  const singles = oneByOne(stood, ordered.length, runner.isApart);
  const results: Result[] = [];
  const place = { tool: tool.name, historyTable: options.historyTable ?? release.historyTable };
  const trying: Trying = {
    server,
    runner,
    seeds,
    tool,
    historyTable: place.historyTable,
    own: ownTables(place),
    migrations: ordered,
    beside: release.beside,
    steps: release.since ? [{ from: stood, to: ordered.length }] : singles,
    singles,
    sizes: survey && sizesIn(survey),
    tell: (result) => results.push({ ...result, file: result.file && shownPath(root, result.file) }),
    unfilled: new Map(),
    progress: remark,
  };
  let took: Took[] = [];
  const end = async () => {
    await runner.end();
    await seeds?.end();
    await server.end();
  };
  made.remove = end;
  try {
    took = await tryAll(trying, asked, most);
  } finally {
    await end();
  }
  report(options.json ? 'json' : options.format, {
    major: server.major,
    tool: tool.name,
    migrations: release.migrations.map(({ id, file }) => ({ id, file: shownPath(root, file) })),
    attempts: [...asked],
    results,
    statements: took.map((one) => ({ ...one, file: shownPath(root, one.file) })),
    withoutRows: [...trying.unfilled].map(([table, why]) => ({ table, why })),
  });
  return hurts(results) ? 1 : 0;
}

function report(format: string, all: Told): void {
  if (format === 'json') print(JSON.stringify(all, null, 2));
  else if (format === 'github') for (const line of annotations(all)) print(line);
  else print(told(all));
}
