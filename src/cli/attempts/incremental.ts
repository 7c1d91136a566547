import { type DatabaseState, difference, some, steadyColumns } from '../../domain/attempts/state';
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
} from './lane';

const DATABASE = 'greenlight_try_rows';
const LOSES =
  'what the rollback takes away, a real one takes from users: keep it in another table or column, or leave the rollback out';

/** Takes a step back and makes it again; resolves with whether the database is as it was behind it. */
async function rollBack(
  trying: Trying,
  step: Step,
  before: DatabaseState,
  after: DatabaseState,
): Promise<boolean> {
  const { runner, migrations } = trying;
  const newestFirst = migrations.slice(step.from, step.to).reverse();
  const keep = migrations[step.from - 1]?.id ?? null;
  const run = await runner.down(DATABASE, newestFirst, keep, step.to);
  if ('cannot' in run) {
    tellAll(trying, 'rollback', step, 'undone', { message: run.cannot });
    return true;
  }
  const down = await run.ended;
  if (!down.ok) {
    await tellFailure(
      trying,
      'rollback',
      DATABASE,
      down,
      { from: step.to - 1, to: step.to },
      'it cannot be taken back: ',
    );
    return false;
  }
  const lost = difference(before, await stateOf(trying, DATABASE));
  if (lost.length > 0)
    tellAll(trying, 'rollback', step, 'fails', {
      message: `taken back, the database is not what it was before: ${some(lost)}`,
      remedy: LOSES,
    });
  const again = await up(trying, DATABASE, step.to);
  if (!again.ok) {
    await tellFailure(trying, 'rollback', DATABASE, again, step, 'taken back, it cannot be applied again: ');
    return false;
  }
  // values that the step itself makes, such as now(), differ from run to run
  const other = difference(after, await stateOf(trying, DATABASE), { only: steadyColumns(before, after) });
  // what is lost already is not there again either
  if (lost.length > 0) return false;
  if (other.length > 0)
    tellAll(trying, 'rollback', step, 'fails', {
      message: `taken back and applied again, the database is not what it was behind it: ${some(other)}`,
      remedy: 'let the rollback take away all that the migration makes',
    });
  else tellAll(trying, 'rollback', step, 'ok');
  return other.length === 0;
}

/**
 * Each step on the schema that those before it have left, with rows in every table, and where `rollback` says so down and up
 * again. Behind a step that failed, the next is tried on a database that is made anew.
 */
export async function tryIncremental(
  trying: Trying,
  { incremental, rollback }: { incremental: boolean; rollback: boolean },
): Promise<void> {
  const { server, steps } = trying;
  const attempt = incremental ? 'incremental' : 'rollback';
  trying.progress(
    `${[incremental && 'incremental', rollback && 'rollback'].filter(Boolean).join(' and ')}: with rows in every table`,
  );
  try {
    const stood = stoodBefore(trying);
    const base = await prepared(trying, DATABASE, stood, true);
    if (base)
      return await tellFailure(
        trying,
        attempt,
        DATABASE,
        base,
        { from: 0, to: stood },
        'the release before cannot be made: ',
      );
    for (const [n, step] of steps.entries()) {
      const before = rollback ? await stateOf(trying, DATABASE) : undefined;
      const ended = await up(trying, DATABASE, step.to);
      let whole = ended.ok;
      if (!ended.ok) {
        await tellFailure(trying, 'incremental', DATABASE, ended, step);
        if (rollback)
          tellAll(trying, 'rollback', step, 'undone', { message: 'it could not be applied with rows' });
      } else {
        if (incremental) tellAll(trying, 'incremental', step, 'ok');
        if (before) {
          const after = await stateOf(trying, DATABASE);
          // what users write into its new tables is there when it is taken back
          await fill(trying, DATABASE, new Set(before.rows.keys()));
          whole = await rollBack(trying, step, before, after);
        }
      }
      if (n === steps.length - 1) break;
      if (whole) await fill(trying, DATABASE);
      else if (await prepared(trying, DATABASE, step.to, true)) {
        for (const open of steps.slice(n + 1))
          trying.tell(
            saying(attempt, 'undone', trying.migrations[open.to - 1], {
              message: 'what comes before cannot be applied',
            }),
          );
        break;
      }
    }
  } finally {
    await server.remove(DATABASE);
  }
}
