import type { Client } from 'pg';
import type { Attempt, Result, Verdict } from '../../domain/attempts/attempt';
import { remedyFor, sayingLine } from '../../domain/attempts/remedies';
import type { TableSizes } from '../../domain/attempts/rows/shape';
import type { DatabaseState } from '../../domain/attempts/state';
import type { Migration } from '../../domain/migrations/types';
import type { MigrationTool } from '../../migrations/tool';
import { fillTables, type Unfilled } from '../../postgres/attempts/fill';
import { readState } from '../../postgres/attempts/state';
import type { Ended, Runner } from './runner';
import type { TryServer } from './server';

/** A part of the migrations that is released at once: those from one index to before another one. */
export interface Step {
  from: number;
  to: number;
}

/** All that an attempt needs. */
export interface Trying {
  server: TryServer;
  runner: Runner;
  /** Runs the service's seeds in the place of its migrations, where they are tried. */
  seeds?: Runner;
  tool: MigrationTool;
  /** The history's table, where it has another name than the tool's usual one. */
  historyTable?: string;
  /** The tool's own tables. */
  own: readonly string[];
  migrations: readonly Migration[];
  /** Scripts that it runs beside every run. */
  beside: readonly Migration[];
  /** Releases one after the other, behind the migrations that stood before. */
  steps: readonly Step[];
  /** The same, each migration alone as far as they can be told apart. */
  singles: readonly Step[];
  /** What production has, where it was asked. */
  sizes?: ReadonlyMap<string, TableSizes>;
  /** What is told of one attempt. */
  tell(result: Result): void;
  /** Tables in which no row could be made. */
  unfilled: Map<string, string>;
  /** Tells how far it has come. */
  progress(line: string): void;
}

/** How many migrations stood before the first release. */
export const stoodBefore = ({ steps }: Trying) => steps[0]?.from ?? 0;

/** Uses a database through a session of its own. */
export async function within<Value>(
  trying: Trying,
  database: string,
  use: (client: Client) => Promise<Value>,
): Promise<Value> {
  const client = await trying.server.command(database);
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

export const stateOf = (trying: Trying, database: string): Promise<DatabaseState> =>
  within(trying, database, (client) => readState(client, trying.own));

/** Makes rows in every table that has none, `but` for some, and remembers where none could be made. */
export async function fill(trying: Trying, database: string, but?: ReadonlySet<string>): Promise<void> {
  const unfilled = await within(trying, database, (client) =>
    fillTables(client, { except: trying.own, but, sizes: few(trying.sizes) }),
  );
  note(trying, unfilled);
}

export function note({ unfilled: all }: Trying, unfilled: readonly Unfilled[]): void {
  for (const { table, why } of unfilled) all.set(table, why);
}

/** Of production's sizes the shares alone: whether there are rows without a value, and whether values come twice. */
function few(
  sizes: ReadonlyMap<string, TableSizes> | undefined,
): ReadonlyMap<string, TableSizes> | undefined {
  if (!sizes) return undefined;
  return new Map(
    [...sizes].map(([name, { rows, columns }]) => [name, { rows: Math.min(rows, FEW_ROWS), columns }]),
  );
}
/** Enough that a share of a hundredth is a row. */
const FEW_ROWS = 200;

/** Ids that the history has. */
async function appliedIn(trying: Trying, database: string): Promise<Set<string>> {
  return within(trying, database, async (client) => {
    const { applied, upTo = [] } = await trying.tool.history(client, trying.historyTable);
    const found = new Set(applied.filter(({ unfinished }) => !unfinished).map(({ id }) => id));
    const last = trying.migrations.findLastIndex(({ id }) => upTo.includes(id));
    for (const { id } of trying.migrations.slice(0, last + 1)) found.add(id);
    return found;
  });
}

/** The migration that a run stopped at, as far as anybody knows: by the runner, by its name in what was printed, or the first that is not recorded. */
async function stoppedAt(
  trying: Trying,
  database: string,
  { failed, output }: Ended,
  { from, to }: Step,
): Promise<{ migration?: Migration; line?: number }> {
  const own = trying.migrations.slice(from, to);
  const known = own.find(({ id }) => id === failed?.id);
  if (known) return { migration: known, line: failed?.line };
  const applied = await appliedIn(trying, database).catch(() => new Set<string>());
  const open = own.filter(({ id }) => !applied.has(id));
  const named = open.filter(({ id, file }) => output.includes(id) || output.includes(file));
  const migration = named.length === 1 ? named[0] : open[0];
  return { migration: migration ?? own.at(-1) };
}

/** What is said of a migration, or of the release where there is none. */
export const saying = (
  attempt: Attempt,
  verdict: Verdict,
  migration: Migration | undefined,
  more: Pick<Result, 'message' | 'remedy' | 'line'> = {},
): Result => ({ attempt, verdict, migration: migration?.id ?? null, file: migration?.file ?? null, ...more });

/** Tells that a run failed, and of the migrations before the failed one that they went. */
export async function tellFailure(
  trying: Trying,
  attempt: Attempt,
  database: string,
  ended: Ended,
  step: Step,
  lead = '',
): Promise<void> {
  const { migration, line } = await stoppedAt(trying, database, ended, step);
  const message = sayingLine(ended.output);
  const at = migration ? trying.migrations.indexOf(migration) : -1;
  for (const before of trying.migrations.slice(step.from, at)) trying.tell(saying(attempt, 'ok', before));
  trying.tell(
    saying(attempt, 'fails', migration, { message: `${lead}${message}`, remedy: remedyFor(message), line }),
  );
  for (const behind of trying.migrations.slice(at + 1, step.to))
    trying.tell(saying(attempt, 'undone', behind, { message: `${migration?.file} stopped the run before` }));
}

/** Tells of every migration of a step the same. */
export function tellAll(
  trying: Trying,
  attempt: Attempt,
  { from, to }: Step,
  verdict: Verdict,
  more?: Pick<Result, 'message' | 'remedy'>,
): void {
  const own = trying.migrations.slice(from, to);
  // what is wrong is said once, of the newest
  const about = verdict === 'ok' || verdict === 'undone' ? own : own.slice(-1);
  for (const one of about) trying.tell(saying(attempt, verdict, one, more));
}

/** Applies what is pending of the first migrations. */
export const up = async ({ runner }: Trying, database: string, count: number): Promise<Ended> =>
  (await runner.up(database, count)).ended;

/**
 * A database as the releases before a step have left it, with rows in every table where `rows` says so. Resolves with why
 * there is none.
 */
export async function prepared(
  trying: Trying,
  database: string,
  count: number,
  rows: boolean,
): Promise<Ended | undefined> {
  await trying.server.remove(database);
  await trying.server.create(database);
  if (count > 0) {
    const ended = await up(trying, database, count);
    if (!ended.ok) return ended;
  }
  if (rows) await fill(trying, database);
  return undefined;
}
