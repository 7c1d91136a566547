import { envelope, errorText, type RetryName, retries, TASK_TIMEOUT_SECONDS, UNANSWERED } from './policies';

/**
 * The graph as it is written by hand (`deployment.asl.json`): States Language, but for what is common to all.
 * - `Phase`: a Parallel with a single branch, whose states stand in the phase itself.
 * - a state with an `Input` is a Task. It calls the step of its own name, unless `Resource` names another. Its `Input` is what that step is given, in the envelope that all have, a list of names where these are variables; `WaitForAnswer` makes it wait for a person
 *   for that many seconds; `Retry` is the name of a policy, `Usual` unless said.
 * - a phase's Wait takes as long as the step before it says; a phase's Fail has its own name as its error, and says the
 *   `$problem` that was found last: the `cause` of the Task that a Choice has judged, unless that one assigns another.
 * - a Catch without `ErrorEquals` takes every error; `$error` in it is the text of the error.
 */
export interface Graph {
  Comment: string;
  QueryLanguage: string;
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, Drawn>;
}
interface Drawn {
  Type?: string;
  States?: Record<string, Drawn>;
  Catch?: { ErrorEquals?: string[]; Assign?: Record<string, unknown>; Output?: unknown; Next: string }[];
  [field: string]: unknown;
}

/** A state in full States Language. */
export interface State {
  Type: string;
  Comment?: string;
  Next?: string;
  Default?: string;
  End?: boolean;
  Resource?: string;
  Arguments?: Record<string, unknown>;
  TimeoutSeconds?: number | string;
  Seconds?: string;
  Error?: string;
  Output?: unknown;
  Assign?: Record<string, unknown>;
  Choices?: { Condition: string; Next: string; Assign?: Record<string, unknown> }[];
  Catch?: { ErrorEquals: string[]; Next: string; Assign?: Record<string, unknown>; Output?: unknown }[];
  Retry?: { ErrorEquals: string[]; MaxAttempts: number; MaxDelaySeconds: number }[];
  Branches?: { StartAt: string; States: Record<string, State> }[];
}
export interface Definition extends Omit<Graph, 'States'> {
  States: Record<string, State>;
}

/** The full definition: what construct, tests, documents and local cloud see. */
export const expand = ({ States, ...machine }: Graph): Definition => ({
  ...machine,
  States: mapped(States, (state) => (state.Type === 'Phase' ? phase(state) : (state as State))),
});

function phase({ StartAt, States = {}, Catch = [], ...box }: Drawn): State {
  // the phase that takes the lock has none to show yet
  const locked = !('lock' in ((box.Assign ?? {}) as object));
  const ends = Object.keys(States).filter((name) => States[name]?.Type === 'Fail');
  return {
    ...box,
    Type: 'Parallel',
    Branches: [
      {
        StartAt: String(StartAt),
        States: mapped(States, (state, name) =>
          inner(States[String(state.Next)]?.Type === 'Choice' ? judged(state) : state, name, locked),
        ),
      },
    ],
    // what a phase found out is in its variables
    Output: {},
    Catch: caught(Catch, ends),
  };
}

const isTask = (state: Drawn) => state.Type === 'Task' || 'Input' in state;

/** What is said when the Choice behind a Task is not content. */
const judged = (state: Drawn): Drawn =>
  isTask(state)
    ? { ...state, Assign: { problem: '{% $states.result.cause %}', ...(state.Assign as object | undefined) } }
    : state;

function task(
  { Input: drawnInput, Retry = 'Usual', WaitForAnswer, Catch = [], ...drawn }: Drawn,
  name: string,
  locked: boolean,
): State {
  const Input = Array.isArray(drawnInput)
    ? Object.fromEntries(drawnInput.map((variable) => [variable, `{% $${variable} %}`]))
    : drawnInput;
  const state = { ...drawn, Type: 'Task', Resource: (drawn.Resource as string | undefined) ?? `\${${name}}` };
  const rest = {
    ...state,
    Retry: [...retries[Retry as RetryName]],
    ...(Catch.length > 0 ? { Catch: caught(Catch, []) } : {}),
  };
  if (WaitForAnswer === undefined)
    return { ...rest, Arguments: envelope(Input, locked), TimeoutSeconds: TASK_TIMEOUT_SECONDS };
  return {
    ...rest,
    Resource: `arn:\${Partition}:states:::lambda:invoke.waitForTaskToken`,
    Arguments: {
      FunctionName: state.Resource,
      Payload: envelope({ ...(Input as object), token: '{% $states.context.Task.Token %}' }, locked),
    },
    TimeoutSeconds: WaitForAnswer as string,
    Assign: { answer: '{% $states.result %}' },
    Catch: [{ ErrorEquals: UNANSWERED, Assign: { answer: null }, Next: drawn.Next as string }],
  };
}

function inner(state: Drawn, name: string, locked: boolean): State {
  if (isTask(state)) return task(state, name, locked);
  switch (state.Type) {
    case 'Wait':
      return { ...state, Seconds: '{% $states.input.waitSeconds %}' } as State;
    case 'Fail':
      return { Error: name, Cause: '{% $problem %}', ...state } as State;
    default:
      return state as State;
  }
}

const caught = (catchers: NonNullable<Drawn['Catch']>, ends: string[]) =>
  catchers.map(({ ErrorEquals = ['States.ALL'], Assign = {}, ...caught }) => ({
    ...caught,
    ErrorEquals,
    Assign: mapped(Assign, (value) =>
      typeof value === 'string' ? value.replaceAll('$error ', `${errorText(ends)} `) : value,
    ),
  }));

const mapped = <T, U>(record: Record<string, T>, change: (value: T, name: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

/** A state with its place: undefined for one of the top level, else the phase it stands in. */
export interface Placed {
  name: string;
  state: State;
  phase?: string;
}

/** Every state, in the order in which the graph draws them; a phase comes before its states. */
export const statesOf = (definition: Definition): Placed[] =>
  Object.entries(definition.States).flatMap(([name, state]) => [
    { name, state },
    ...(state.Branches ?? []).flatMap(({ States }) =>
      Object.entries(States).map(([inner, one]) => ({ name: inner, state: one, phase: name })),
    ),
  ]);
