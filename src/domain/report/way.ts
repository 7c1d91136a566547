/** An event of an execution's history, as far as it tells the way. Source: AWS Step Functions API Reference, HistoryEvent. */
export interface HistoryEvent {
  /** Counted from 1, without a gap. */
  id: number;
  /** As Step Functions has it: TaskStateEntered, LambdaFunctionFailed, … */
  type: string;
  /** The state that is entered or left; undefined for what happens in between. */
  state: string | undefined;
}

/**
 * How a state ended when it was last entered: as it should; by an error that the graph goes on from; not at all, because it is
 * at work, or because the execution, or the phase around it, ended there.
 */
export type Look = 'done' | 'caught' | 'running' | 'failed';
export interface Visit {
  look: Look;
  times: number;
}
export interface Way {
  /** By the state's name; a state that was never entered has none. */
  visits: ReadonlyMap<string, Visit>;
  /** Where one state followed another. */
  followed(from: string, to: string): boolean;
}

const key = (from: string, to: string) => `${from} ${to}`;

/**
 * The way that an execution took through a graph whose phases have one branch each.
 * @param events all of its history, the oldest first
 */
export function wayOf(events: readonly Pick<HistoryEvent, 'type' | 'state'>[], running: boolean): Way {
  const visits = new Map<string, Visit>();
  const steps = new Set<string>();
  const open: string[] = [];
  let left: string | undefined;
  let before = '';
  const look = (state: string, look: Look) => visits.set(state, { times: 1, ...visits.get(state), look });
  for (const { type, state } of events) {
    if (state !== undefined && type.endsWith('StateEntered')) {
      visits.set(state, { look: 'running', times: (visits.get(state)?.times ?? 0) + 1 });
      if (left !== undefined) steps.add(key(left, state));
      left = undefined;
      open.push(state);
    } else if (state !== undefined && type.endsWith('StateExited')) {
      // a phase that is left by an error leaves behind what stood in it
      for (let inner = open.pop(); inner !== undefined && inner !== state; inner = open.pop())
        look(inner, 'failed');
      look(state, /(Failed|TimedOut|Aborted)$/.test(before) ? 'caught' : 'done');
      left = state;
    }
    before = type;
  }
  for (const state of open) look(state, running ? 'running' : 'failed');
  return { visits, followed: (from, to) => steps.has(key(from, to)) };
}
