import type { PerformTask, StateMachineDefinition } from '../../local/asl';

export const ITERATIONS = 1_000;
/** A Choice and what comes before or after it, in every iteration. */
export const STATES_PER_ITERATION = 2;

/** A machine that goes round ITERATIONS times. */
export interface Loop {
  definition: StateMachineDefinition;
  input: unknown;
  perform: PerformTask;
}

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

/** A step of a deployment and the Choice behind it: objects as arguments, variables assigned from the result. */
const deploymentLoop: StateMachineDefinition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Begin',
  States: {
    Begin: {
      Type: 'Pass',
      Assign: {
        deployment: '{% $states.input.deployment %}',
        lock: { service: 'shop', fence: 1 },
        shift: null,
        why: '',
        outcome: '',
      },
      Next: 'Observe',
    },
    Observe: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:111111111111:function:Observe',
      Arguments: {
        deploymentId: '{% $deployment.id %}',
        now: '{% $states.context.State.EnteredTime %}',
        lock: '{% $lock %}',
        input: { deployment: '{% $deployment %}', shift: '{% $shift %}' },
      },
      TimeoutSeconds: 90,
      Assign: { shift: '{% $states.result.shift %}', why: '{% $states.result.cause %}' },
      Next: 'Observed?',
    },
    'Observed?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.status = 'waiting' %}", Next: 'Observe' },
        {
          Condition: "{% $states.input.status = 'healthy' and $deployment.strategy = 'CANARY' %}",
          Next: 'Done',
        },
      ],
      Assign: { outcome: 'RolledBack' },
      Default: 'Done',
    },
    Done: { Type: 'Succeed', Output: { why: '{% $why %}', steps: '{% $shift.step %}' } },
  },
};

const deploymentInput = {
  deployment: {
    id: 'shop-20260101',
    strategy: 'CANARY',
    steps: [{ percent: 10 }, { percent: 100 }],
    image: 'shop@sha256:1',
    settings: { bakeSeconds: 60, approval: { timeoutSeconds: 3_600 }, rollback: { timeoutSeconds: 3_600 } },
  },
};

const observe: PerformTask = async ({ argument }) => {
  const { shift } = (argument as { input: { shift: { step: number } | null } }).input;
  const step = (shift?.step ?? 0) + 1;
  const status = step < ITERATIONS ? 'waiting' : 'healthy';
  return { status, cause: 'no verdict yet', waitSeconds: 1, shift: { step, since: '2026-01-01T00:00:00Z' } };
};

const noTask: PerformTask = () => Promise.reject(new Error('the loop has no tasks'));

const counting = { input: { count: 0 }, perform: noTask };

/** The loops, by the row that tells of each. */
export const LOOPS: Record<string, Loop> = {
  jsonPath: { definition: jsonPathLoop, ...counting },
  jsonata: { definition: jsonataLoop, ...counting },
  deployment: {
    definition: deploymentLoop,
    input: deploymentInput,
    perform: observe,
  },
};
