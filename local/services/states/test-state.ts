import { type TestStateInput, type TestStateOutput, ValidationException } from '@aws-sdk/client-sfn';
import type { HistoryEvent, Outcome, StateMachineDefinition } from '../../asl';

type State = Record<string, unknown> & {
  Type?: string;
  Next?: string;
  Default?: string;
  Choices?: { Next?: string }[];
  Catch?: { Next?: string }[];
  Retry?: { ErrorEquals?: string[] }[];
};

const refuse = (message: string) => new ValidationException({ message, $metadata: {} });

/** What of a request is not served here. */
const REFUSED = ['mock', 'context', 'stateConfiguration'] as const;

/** The state that a request asks for: alone, or one of a machine. */
function stateOf({ definition = '', stateName }: TestStateInput): State {
  let given: State & { States?: Record<string, State> };
  try {
    given = JSON.parse(definition);
  } catch (error) {
    throw refuse(`INVALID_JSON_DESCRIPTION: ${(error as Error).message}`);
  }
  if (stateName === undefined) return given;
  const state = given.States?.[stateName];
  if (!state) throw refuse(`State ${stateName} is not in the definition`);
  return state;
}

const TESTED = 'Tested';
const FIRST = 'Variables';

/** A machine of the one state, whose variables are there before it, and where it may go nothing happens. */
export function machineOfState(request: TestStateInput): {
  definition: StateMachineDefinition;
  state: State;
} {
  const refused = REFUSED.find((name) => request[name] !== undefined);
  if (refused) throw refuse(`${refused} is not served by the local cloud; leave it out`);
  if ((request.inspectionLevel ?? 'INFO') !== 'INFO')
    throw refuse(`inspectionLevel ${request.inspectionLevel} is not served by the local cloud; use INFO`);
  const state = stateOf(request);
  const { Retry: _, ...tested } = state;
  const targets = [state.Next, state.Default, ...[state.Choices, state.Catch].flat().map((one) => one?.Next)];
  const ends = targets.filter((name) => name !== undefined).map((name) => [name, { Type: 'Succeed' }]);
  const isLast = ends.length === 0 && !['Succeed', 'Fail', 'Choice'].includes(state.Type ?? '');
  const definition = {
    StartAt: FIRST,
    States: {
      ...Object.fromEntries(ends),
      [FIRST]: { Type: 'Pass', Assign: JSON.parse(request.variables ?? '{}'), Next: TESTED },
      [TESTED]: isLast ? { ...tested, End: true } : tested,
    },
  };
  return { definition: definition as unknown as StateMachineDefinition, state };
}

interface Failure {
  error?: string;
  cause?: string;
}

const failureOf = (events: readonly HistoryEvent[]): Failure | undefined =>
  events
    .flatMap((event) => Object.entries(event))
    .filter(([name]) => /(Failed|TimedOut)EventDetails$/.test(name) && !name.startsWith('execution'))
    .map(([, details]) => details as Failure)
    .at(-1);

const retries = ({ Retry = [] }: State, error = '') =>
  Retry.some(({ ErrorEquals = [] }) =>
    ErrorEquals.some((wanted) => [error, 'States.ALL', 'States.TaskFailed'].includes(wanted)),
  );

/**
 * What has become of the state. Source: Step Functions API Reference, TestState: a failure that a retrier would take is
 * RETRIABLE, and nothing is tried again; one that a catcher takes is CAUGHT_ERROR.
 */
export function resultOf(
  state: State,
  events: readonly HistoryEvent[],
  outcome: Outcome,
): Omit<TestStateOutput, '$metadata'> {
  const failure = failureOf(events);
  const { error, cause } = outcome.status === 'FAILED' ? outcome : (failure ?? {});
  const said = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  if (failure && retries(state, failure.error)) return { status: 'RETRIABLE', ...said };
  if (outcome.status !== 'SUCCEEDED') return { status: 'FAILED', ...said };
  const entered = events
    .flatMap(({ stateEnteredEventDetails }) => (stateEnteredEventDetails as { name: string }) ?? [])
    .at(-1);
  const next = entered?.name === TESTED ? {} : { nextState: entered?.name };
  const output = JSON.stringify(outcome.output);
  return { status: failure ? 'CAUGHT_ERROR' : 'SUCCEEDED', output, ...next, ...said };
}
