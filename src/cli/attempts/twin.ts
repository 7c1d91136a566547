import type { Attempt } from '../../domain/attempts/attempt';
import { remedyFor, sayingLine } from '../../domain/attempts/remedies';
import { type DatabaseState, difference, some, steadyColumns } from '../../domain/attempts/state';
import { pendingOf } from '../../domain/migrations/pending';
import {
  endOthers,
  letPass,
  openGate,
  refusal,
  sessionsIn,
  shut,
  unwatch,
  watch,
} from '../../postgres/attempts/watch';
import {
  fill,
  prepared,
  type Step,
  saying,
  stateOf,
  stoodBefore,
  type Trying,
  tellAll,
  tellFailure,
  up,
  within,
} from './lane';
import type { Ended, Run } from './runner';

const DATABASE = 'greenlight_try_whole';
/** Copies of it as it was before a step. */
const TWINS = { interrupted: 'greenlight_try_killed', 'two-at-once': 'greenlight_try_two' } as const;

const POLL_MS = 20;
/** How long two runs may take to meet. */
const MEETING_MS = 20_000;

const HALF =
  'let it run in one transaction, or let each statement do nothing where it has been done (IF NOT EXISTS), so that a run can go on where another one was killed';
const ALONE =
  'let one run at a time, as the lock of a deployment does; a start of several tasks that migrate by themselves does not';

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));

/** What holds of a run once it was seen to wait, or has ended. */
async function heldOrEnded(held: () => Promise<boolean>, run: Run): Promise<boolean> {
  let ended = false;
  void run.ended.then(() => {
    ended = true;
  });
  while (!ended) {
    if (await held()) return true;
    await pause();
  }
  return false;
}

/** What the tool itself says of its history after a run that was killed. */
async function problemsIn(trying: Trying, database: string): Promise<{ kind: string; text: string }[]> {
  const { tool, migrations, historyTable } = trying;
  const history = await within(trying, database, (client) => tool.history(client, historyTable));
  const { problems } = pendingOf({ version: 1, tool: tool.name, migrations: [...migrations] }, history, tool);
  return problems
    .filter(({ kind }) => kind === 'unfinished' || kind === 'locked')
    .map(({ kind, message, remedy }) => ({ kind, text: `${message}; ${remedy}` }));
}

interface Expected {
  before: DatabaseState;
  after: DatabaseState;
}

const differs = ({ before, after }: Expected, found: DatabaseState) =>
  difference(after, found, { only: steadyColumns(before, after) });

/** Kills a run behind the first statement that it has done, and runs it again. */
async function interrupt(trying: Trying, twin: string, step: Step, expected: Expected): Promise<void> {
  const tell = (verdict: 'ok' | 'warns' | 'fails' | 'undone', message?: string, remedy?: string) =>
    tellAll(trying, 'interrupted', step, verdict, { message, remedy });
  const reached = await within(trying, twin, async (client) => {
    await watch(client, trying.own);
    await shut(client);
    const run = await trying.runner.up(twin, step.to);
    const found = await heldOrEnded(async () => (await sessionsIn(client)).held > 0, run);
    if (found) {
      await run.kill();
      await endOthers(client);
    }
    await openGate(client);
    await unwatch(client);
    return found;
  });
  if (!reached) return tell('undone', 'it does nothing behind which it could be stopped');
  const killed = await stateOf(trying, twin);
  const left = difference(expected.before, killed);
  const problems = await problemsIn(trying, twin);
  const second = await up(trying, twin, step.to);
  if (second.ok) {
    const other = differs(expected, await stateOf(trying, twin));
    if (other.length === 0) return tell('ok');
    return tell(
      'fails',
      `killed behind its first statement and run again, the database is another one than without: ${some(other)}`,
      HALF,
    );
  }
  const said = sayingLine(second.output);
  const ways = problems.map(({ text }) => text).join('; ');
  const whole = differs(expected, killed).length === 0 && problems.some(({ kind }) => kind === 'unfinished');
  // nothing was done, or all of it, and the tool knows its own way out
  if (problems.length > 0 && (left.length === 0 || whole))
    return tell('warns', 'killed, it wants a person before it runs again', ways);
  const rest = left.length > 0 ? `; left was ${some(left)}` : '';
  tell('fails', `killed behind its first statement and run again, it fails: ${said}${rest}`, ways || HALF);
}

/** Two runs, of which the second begins while the first is in the middle. */
async function together(trying: Trying, twin: string, step: Step, expected: Expected): Promise<void> {
  const ended = await within(trying, twin, async (client) => {
    await watch(client, trying.own);
    await shut(client);
    const first = await trying.runner.up(twin, step.to);
    const held = await heldOrEnded(async () => (await sessionsIn(client)).held > 0, first);
    let both: Ended[] | undefined;
    if (held) {
      await letPass(client);
      const second = await trying.runner.up(twin, step.to);
      const until = Date.now() + MEETING_MS;
      // the second waits for the first, or has ended, or does what nobody sees
      await heldOrEnded(async () => (await sessionsIn(client)).waiting > 1 || Date.now() > until, second);
      await openGate(client);
      both = await Promise.all([first.ended, second.ended]);
    } else await openGate(client);
    await endOthers(client);
    await unwatch(client);
    return both;
  });
  const tell = (verdict: 'ok' | 'warns' | 'fails' | 'undone', message?: string, remedy?: string) =>
    tellAll(trying, 'two-at-once', step, verdict, { message, remedy });
  if (!ended) return tell('undone', 'it does nothing in the middle of which another run could begin');
  const failed = ended.filter(({ ok }) => !ok);
  const words = failed.map(({ output }) => sayingLine(output)).join('; ');
  const third = failed.length === ended.length ? await up(trying, twin, step.to) : undefined;
  const other = differs(expected, await stateOf(trying, twin));
  if (other.length > 0)
    return tell(
      'fails',
      `two runs at once make another database than one: ${some(other)}${words && `; said was: ${words}`}`,
      ALONE,
    );
  if (third && !third.ok)
    return tell('fails', `two runs at once both fail, and so does the next: ${words}`, remedyFor(words));
  if (failed.length > 0)
    return tell('warns', `of two runs at once one fails, and nothing is damaged: ${words}`, ALONE);
  tell('ok');
}

/**
 * Each step as it goes when nothing happens, and on copies of the database before it: killed in the middle and run again, and
 * twice at the same time. Behind both the database has to be the same.
 */
export async function tryTwins(trying: Trying, asked: ReadonlySet<Attempt>): Promise<void> {
  const { server, singles } = trying;
  const own = (['interrupted', 'two-at-once'] as const).filter((one) => asked.has(one));
  trying.progress(`${own.join(' and ')}: on copies of the database before each migration`);
  const removeTwins = async () => {
    for (const one of own) await server.remove(TWINS[one]);
  };
  const work = { interrupted: interrupt, 'two-at-once': together };
  try {
    const stood = stoodBefore(trying);
    const base = await prepared(trying, DATABASE, stood, true);
    if (base)
      return await tellFailure(
        trying,
        own[0]!,
        DATABASE,
        base,
        { from: 0, to: stood },
        'the release before cannot be made: ',
      );
    const refused = await within(trying, DATABASE, (client) => refusal(client));
    if (refused !== undefined) {
      for (const one of own)
        for (const step of singles) tellAll(trying, one, step, 'undone', { message: refused });
      return;
    }
    for (const [n, step] of singles.entries()) {
      const before = await stateOf(trying, DATABASE);
      for (const one of own) await server.create(TWINS[one], DATABASE);
      const ended = await up(trying, DATABASE, step.to);
      if (!ended.ok) {
        await removeTwins();
        for (const one of own)
          tellAll(trying, one, step, 'undone', { message: 'it could not be applied with rows' });
        if (await prepared(trying, DATABASE, step.to, true)) {
          for (const one of own)
            for (const open of singles.slice(n + 1))
              trying.tell(
                saying(one, 'undone', trying.migrations[open.to - 1], {
                  message: 'what comes before cannot be applied',
                }),
              );
          return;
        }
        continue;
      }
      const expected = { before, after: await stateOf(trying, DATABASE) };
      for (const one of own) await work[one](trying, TWINS[one], step, expected);
      await removeTwins();
      await fill(trying, DATABASE);
    }
  } finally {
    await server.remove(DATABASE);
    await removeTwins();
  }
}
