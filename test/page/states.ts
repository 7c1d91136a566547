import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parts } from '../../src/cli/page/channel';
import { type Looked, partsOf } from '../../src/cli/page/deployment';
import { definition } from '../../statemachines';

/** What `record.ts` wrote of deployments of the example in a local cloud. */
function recorded(name: 'asks' | 'released' | 'back' | 'rejected'): Looked {
  const line = readFileSync(join(__dirname, 'recorded', `${name}.jsonl`), 'utf8');
  const { seen, trace } = JSON.parse(line) as Looked;
  return {
    seen: { ...seen, now: new Date(seen.now) },
    trace: trace && { ...trace, definition: JSON.stringify(definition) },
  };
}

/** The same while a step was the last that had written its row; `look`: its how manieth. */
function upTo({ seen, trace }: Looked, step: string, look = 1): Looked {
  const at = seen.rows.flatMap((row, index) => (row.step === step ? [index] : []))[look - 1] ?? -1;
  const rows = seen.rows.slice(0, at + 1);
  const left = trace?.events.flatMap(({ type, state }, index) =>
    state === step && type.endsWith('Exited') ? [index] : [],
  )[look - 1];
  return {
    seen: {
      ...seen,
      rows,
      execution: { status: 'RUNNING', running: true, outcome: 'RUNNING', cause: '' },
      standing: seen.standing && {
        ...seen.standing,
        held: {
          holder: seen.deployment,
          execution: rows.length > 0 ? 'the execution' : '',
          expires: seen.rows.at(-1)?.at ?? '',
          stuck: false,
        },
        driverRuns: true,
      },
    },
    trace: trace && { ...trace, running: true, events: trace.events.slice(0, (left ?? 0) + 1) },
  };
}

const over = ({ seen, trace }: Looked, status: string, stuck: boolean): Looked => ({
  seen: {
    ...seen,
    execution: { status, running: false, outcome: status, cause: '' },
    standing: seen.standing && {
      ...seen.standing,
      driverRuns: false,
      held: seen.standing.held && { ...seen.standing.held, stuck },
    },
  },
  trace: trace && { ...trace, running: false },
});

const control = { paused: true, by: 'bob', reason: 'lunch', at: '2026-11-30T23:00:00.000Z' };
const watched = () => upTo(recorded('released'), 'ObserveGreen');

/** One of each kind in which somebody may find a deployment. */
export const STATES: Record<string, () => Looked> = {
  'at work': () => upTo(recorded('released'), 'StartMigration'),
  asks: () => recorded('asks'),
  watched,
  paused: () => {
    const { seen, trace } = watched();
    return { seen: { ...seen, control }, trace };
  },
  released: () => recorded('released'),
  'going back': () => upTo(recorded('back'), 'ReturnTraffic'),
  'rolled back': () => recorded('back'),
  rejected: () => recorded('rejected'),
  stopped: () => over(watched(), 'ABORTED', false),
  'needs a person': () => over(watched(), 'FAILED', true),
  unknown: () => {
    const { seen } = recorded('rejected');
    return {
      seen: { ...seen, rows: [], execution: undefined, standing: undefined },
      trace: undefined,
    };
  },
};

export const shownOf = (state: string): Parts => partsOf(STATES[state]!());
