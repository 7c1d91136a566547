import { scaledClock } from '../../../local/clock';
import { createEvents, type Events } from '../../../local/services/events';
import { createStates, type States } from '../../../local/services/states';
import { until } from '../proxy/origin';

const caller = { accessKeyId: 'test' };
const WORK = 'arn:aws:lambda:eu-west-1:000000000000:function:work';
const TELL = 'arn:aws:lambda:eu-west-1:000000000000:function:tell';
const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:deploy';

/** What the function `tell` was told, and the detail of each status change. */
let told: { detail: { status: string; executionArn: string } }[];
let states: States;
let events: Events;

beforeEach(async () => {
  told = [];
  const clock = scaledClock(60);
  const functions = {
    invoke: async (arn: string, payload: unknown) => {
      if (arn === TELL) told.push(payload as (typeof told)[number]);
      const mode = (payload as { mode?: string }).mode;
      if (arn === WORK && mode === 'hang') return new Promise<never>(() => {});
      if (arn === WORK && mode === 'fail') return { error: { errorType: 'Broken', errorMessage: 'no' } };
      return { payload: { done: true } };
    },
    enqueue: async (arn: string, payload: unknown) => void functions.invoke(arn, payload),
  };
  events = createEvents({
    clock,
    functions,
    startExecution: (arn, input) => states.startExecution(arn, input),
    publish: () => {},
    runTask: async () => {},
    sendTo: () => {},
  });
  states = createStates({ clock, emit: (event) => events.emit(event), functions, mayInvoke: () => {} });
  await states.resources!['AWS::StepFunctions::StateMachine']!(
    {
      StateMachineName: 'deploy',
      RoleArn: 'arn:role',
      DefinitionString: JSON.stringify({
        StartAt: 'Work',
        TimeoutSeconds: 1,
        States: { Work: { Type: 'Task', Resource: WORK, End: true } },
      }),
    },
    { logicalId: 'M', name: 'deploy', metadata: {} },
  );
});
afterEach(async () => {
  await states.close!();
  await events.close!();
});

const make = (properties: object) =>
  events.resources!['AWS::Events::Rule']!(properties, { logicalId: 'Rule', name: 'rule', metadata: {} });
const pattern = (status: string[]) => ({
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: { stateMachineArn: [MACHINE], status },
});
const start = (name: string, mode: string) =>
  states.operations.StartExecution!(
    { stateMachineArn: MACHINE, RoleArn: 'arn:role', name, input: JSON.stringify({ mode }) },
    caller,
  ) as Promise<{ executionArn: string }>;
const statuses = () => told.map(({ detail }) => `${detail.executionArn.split(':').at(-1)} ${detail.status}`);

it('tells a function of every start and every kind of end, the machine’s own time-out among them', async () => {
  const all = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];
  await make({ EventPattern: pattern(all), Targets: [{ Id: 'tell', Arn: TELL }] });
  for (const mode of ['succeed', 'fail', 'hang']) await start(mode, mode);
  const { executionArn } = await start('stop', 'hang');
  await states.operations.StopExecution!({ executionArn }, caller);
  await until('all have ended', () => told.length === 8);
  expect(statuses().toSorted()).toEqual([
    'fail FAILED',
    'fail RUNNING',
    'hang RUNNING',
    'hang TIMED_OUT',
    'stop ABORTED',
    'stop RUNNING',
    'succeed RUNNING',
    'succeed SUCCEEDED',
  ]);
  expect(events.undelivered()).toEqual([]);
});

it('tells only of what the rule’s pattern wants', async () => {
  await make({ EventPattern: pattern(['FAILED', 'ABORTED']), Targets: [{ Id: 'tell', Arn: TELL }] });
  await start('good', 'succeed');
  await start('bad', 'fail');
  await until('the failure is told', () => told.length > 0);
  expect(statuses()).toEqual(['bad FAILED']);
});

it('starts an execution at a rate of cloud time', async () => {
  await make({
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ Id: 'go', Arn: MACHINE, RoleArn: 'arn:role', Input: '{"mode":"succeed"}' }],
  });
  const executions = () =>
    states.operations.ListExecutions!({ stateMachineArn: MACHINE, RoleArn: 'arn:role' }, caller)
      .executions as {
      status: string;
    }[];
  await until('it ran twice', () => executions().length >= 2);
});
