import type { Fault } from '../../local/endpoint';
import { states } from '../../statemachines';

/** The Task states of the graph, in its order: a new one is covered without anybody remembering. */
export const tasks = states.filter(({ state }) => state.Type === 'Task').map(({ name }) => name);

/** How long the answer of a state is held back, in cloud time, so that a stop meets it there. */
const HELD_MS = 60_000;
const THROTTLED = 'TooManyRequestsException';

/** The first try of a Task that Lambda refuses to call by this error, and all that the graph makes after it. */
export function triesOf(state: string, error = THROTTLED): number {
  const { Retry = [] } = states.find(({ name }) => name === state)?.state ?? {};
  const retrier = Retry.find(({ ErrorEquals }) =>
    ErrorEquals.some((name) => name === `Lambda.${error}` || name === 'States.ALL'),
  );
  return 1 + (retrier?.MaxAttempts ?? 0);
}

/** What befalls a state, in words for the table. */
export const kinds = {
  before: 'fails before its effect',
  after: 'fails after its effect',
  late: 'times out',
  throttled: 'is throttled for long',
  killed: 'its process is killed',
  stopped: 'the execution is stopped there',
  'stopped, told twice': 'stopped, and the event that follows comes twice',
  'stopped, not told': 'stopped, and the event that follows never comes',
} as const;
export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

export interface Case {
  state: string;
  kind: Kind;
  /** An error of Lambda's Invoke, by its name in the API, instead of the kind's own. */
  error?: string;
}
export const cases: Case[] = tasks.flatMap((state) => kindNames.map((kind) => ({ state, kind })));

/** An error that the graph does not try again. */
const FINAL = 'InvalidRequestContentException';

/** The function that a state calls: its own, or that of the step that it wants once more. */
function functionOf(state: string): string {
  const { Resource, Arguments } = states.find(({ name }) => name === state)?.state ?? {};
  return String(Arguments?.FunctionName ?? Resource).replace(/^\$\{(\w+)\}$/, 'Greenlight$1');
}

/** The kinds that are an error of Lambda's Invoke, so that it may be another one. */
export const kindsOfErrors: readonly Kind[] = ['before', 'after', 'throttled'];

/** The faults at the cloud's boundary that make a case; nothing in the workflow knows of them. */
export function faultsOf({ state, kind, error }: Case): Fault[] {
  const target = functionOf(state);
  const invoke = { operation: 'lambda:Invoke', target, role: 'states' };
  switch (kind) {
    case 'before':
      return [{ ...invoke, kind: 'before', error: error ?? FINAL, times: 1 }];
    case 'after':
      return [{ ...invoke, kind: 'after', error: error ?? FINAL, times: 1 }];
    case 'late':
      return [{ ...invoke, kind: 'timeout', times: 1 }];
    case 'throttled':
      return [{ ...invoke, kind: 'before', error: error ?? THROTTLED, times: triesOf(state, error) }];
    case 'killed':
      // its work is done and its row in the journal is not: the worst moment
      return [{ operation: 'dynamodb:PutItem', role: target, kind: 'kill', times: 1 }];
    default:
      // the answer is held back, so that the stop meets the state after its effect
      return [{ ...invoke, kind: 'slow', delayMs: HELD_MS, times: 1 }];
  }
}

/** The faults that a Task gets over by itself: it is asked again, and nothing of them is left at the end. */
const passing = ['late', 'killed', 'throttled'] as const;

/**
 * A storm: something befalls every Task that a deployment enters, and no Task fails for good.
 * @param step moves the faults along the Tasks, so that other pairs are covered
 * @param sparing Tasks that the storm leaves alone
 */
export const storm = (step: number, sparing: readonly (string | undefined)[] = []): Fault[] =>
  tasks.flatMap((state, index) => {
    if (sparing.includes(state)) return [];
    const kind = passing[(index + step) % passing.length] as Kind;
    return faultsOf({ state, kind }).map((fault) => ({ ...fault, times: 1 }));
  });
