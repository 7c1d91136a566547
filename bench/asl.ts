import { Execution, type StateMachineDefinition, virtualClock } from '../local/asl';

const ITERATIONS = 1_000;
const REPETITIONS = 5;
/** Choice and Pass in every iteration. */
const STATES_PER_ITERATION = 2;

const jsonPathLoop: StateMachineDefinition = {
  StartAt: 'Done?',
  States: {
    'Done?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.count', NumericGreaterThanEquals: ITERATIONS, Next: 'Done' }],
      Default: 'Count',
    },
    Count: { Type: 'Pass', Parameters: { 'count.$': 'States.MathAdd($.count, 1)' }, Next: 'Done?' },
    Done: { Type: 'Succeed' },
  },
};

const jsonataLoop: StateMachineDefinition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Done?',
  States: {
    'Done?': {
      Type: 'Choice',
      Choices: [{ Condition: `{% $states.input.count >= ${ITERATIONS} %}`, Next: 'Done' }],
      Default: 'Count',
    },
    Count: { Type: 'Pass', Output: { count: '{% $states.input.count + 1 %}' }, Next: 'Done?' },
    Done: { Type: 'Succeed' },
  },
};

/** States visited per second by one execution of the loop. */
async function transitionsPerSecond(definition: StateMachineDefinition): Promise<number> {
  const execution = new Execution({
    definition,
    input: { count: 0 },
    clock: virtualClock(),
    perform: () => Promise.reject(new Error('the loop has no tasks')),
    context: {
      executionArn: 'arn:aws:states:us-east-1:111111111111:execution:loop:run',
      name: 'run',
      roleArn: 'arn:aws:iam::111111111111:role/loop',
      stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:loop',
      stateMachineName: 'loop',
    },
  });
  const started = performance.now();
  const outcome = await execution.run();
  if (outcome.status !== 'SUCCEEDED') throw new Error(`the loop ended ${outcome.status}`);
  return (ITERATIONS * STATES_PER_ITERATION * 1_000) / (performance.now() - started);
}

async function median(definition: StateMachineDefinition): Promise<number> {
  await transitionsPerSecond(definition);
  const measured: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) measured.push(await transitionsPerSecond(definition));
  return Math.round(measured.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)]!);
}

/** How fast the interpreter goes through states that do no work. */
export async function bench(): Promise<{ name: string; value: number; unit: string }[]> {
  const unit = 'transitions/s';
  return [
    { name: 'state machine loop, JSONPath', value: await median(jsonPathLoop), unit },
    { name: 'state machine loop, JSONata', value: await median(jsonataLoop), unit },
  ];
}
