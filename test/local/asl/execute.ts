import {
  Execution,
  type ExecutionOptions,
  type Outcome,
  type State,
  type StateMachineDefinition,
  StatesError,
  type TaskRequest,
  virtualClock,
} from '../../../local/asl';

export const context: ExecutionOptions['context'] = {
  executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:orders:one',
  name: 'one',
  roleArn: 'arn:aws:iam::123456789012:role/orders',
  stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:orders',
  stateMachineName: 'orders',
};

export const LAMBDA = 'arn:aws:lambda:eu-west-1:123456789012:function:work';

/** A machine of the given states that starts at the first. */
export function machine(states: Record<string, State>, fields: Partial<StateMachineDefinition> = {}) {
  return { StartAt: Object.keys(states)[0]!, States: states, ...fields };
}

export const jsonata = (states: Record<string, State>) => machine(states, { QueryLanguage: 'JSONata' });

type Options = Partial<ExecutionOptions>;

/** An execution on a virtual clock whose tasks, unless others are given, return their argument. */
export function prepare(definition: StateMachineDefinition, input: unknown = {}, options: Options = {}) {
  const clock = virtualClock();
  const perform = async ({ argument }: TaskRequest) => argument;
  return { clock, execution: new Execution({ definition, input, clock, perform, context, ...options }) };
}

export async function execute(
  definition: StateMachineDefinition,
  input: unknown = {},
  options: Options = {},
) {
  const { execution, clock } = prepare(definition, input, options);
  const started = clock.now();
  const outcome = await execution.run();
  const events = execution.history;
  const entered = events.flatMap((event) => (event.stateEnteredEventDetails as { name: string })?.name ?? []);
  return { outcome, events, entered, seconds: (clock.now() - started) / 1000, pending: clock.pending() };
}

/** The output of an execution that must succeed. */
export async function outputOf(
  definition: StateMachineDefinition,
  input: unknown = {},
  options: Options = {},
) {
  const { outcome } = await execute(definition, input, options);
  if (outcome.status !== 'SUCCEEDED') throw new Error(`ended ${JSON.stringify(outcome)}`);
  return outcome.output;
}

/** The error name of an execution that must fail. */
export async function errorOf(
  definition: StateMachineDefinition,
  input: unknown = {},
  options: Options = {},
) {
  const { outcome } = await execute(definition, input, options);
  return outcome.status === 'FAILED' ? outcome.error : `ended ${outcome.status}`;
}

/** Tasks that fail with these errors one after the other, then return their argument. */
export function failing(...errors: string[]) {
  const left = [...errors];
  return async ({ argument }: TaskRequest) => {
    const error = left.shift();
    if (error) throw new StatesError(error, `because of ${error}`);
    return argument;
  };
}

export type { Outcome };
