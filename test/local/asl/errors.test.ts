import { StatesError } from '../../../local/asl';
import { execute, failing, jsonata, LAMBDA, machine } from './execute';

const task = (fields: Record<string, unknown>) =>
  ({ Type: 'Task', Resource: LAMBDA, ...fields, End: true }) as const;
const caught = { Type: 'Pass', End: true } as const;

describe('Retry', () => {
  const retrier = {
    ErrorEquals: ['Busy'],
    IntervalSeconds: 2,
    BackoffRate: 3,
    MaxAttempts: 3,
    MaxDelaySeconds: 10,
  };

  it('waits IntervalSeconds times BackoffRate to the attempt, at most MaxDelaySeconds', async () => {
    const definition = machine({ Work: task({ Retry: [retrier] }) });
    const run = await execute(definition, 1, { perform: failing('Busy', 'Busy', 'Busy') });
    expect(run.outcome).toEqual({ status: 'SUCCEEDED', output: 1 });
    expect(run.seconds).toBe(2 + 6 + 10);
  });

  it('gives up after MaxAttempts and hands the error to Catch', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }];
    const definition = machine({
      Work: task({ Retry: [{ ...retrier, MaxAttempts: 1 }], Catch }),
      Caught: caught,
    });
    const { outcome, seconds } = await execute(definition, 1, { perform: failing('Busy', 'Busy') });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: { Error: 'Busy', Cause: 'because of Busy' } });
    expect(seconds).toBe(2);
  });

  it('counts each retrier for itself, and shows the count in the context object', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 1, IntervalSeconds: 1 },
    ];
    const Parameters = { 'count.$': '$$.State.RetryCount' };
    const definition = machine({ Work: task({ Retry, Parameters }) });
    const run = (...errors: string[]) => execute(definition, {}, { perform: failing(...errors) });
    expect((await run('A', 'B')).outcome).toEqual({ status: 'SUCCEEDED', output: { count: 2 } });
    expect((await run('A', 'A')).outcome).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  it('scales the delay by the given random number for full jitter', async () => {
    const definition = machine({ Work: task({ Retry: [{ ...retrier, JitterStrategy: 'FULL' }] }) });
    const run = await execute(definition, 1, { perform: failing('Busy'), random: () => 0.25 });
    expect(run.seconds).toBe(0.5);
  });

  it('tries a whole Parallel again', async () => {
    const branch = machine({ Work: task({}) });
    const definition = machine({
      Fan: { Type: 'Parallel', Branches: [branch], Retry: [{ ErrorEquals: ['States.ALL'] }], End: true },
    });
    const { outcome, entered } = await execute(definition, 3, { perform: failing('Busy') });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: [3] });
    expect(entered).toEqual(['Fan', 'Work', 'Work']);
  });
});

describe('Catch', () => {
  const definition = (...ErrorEquals: string[]) =>
    machine({ Work: task({ Catch: [{ ErrorEquals, Next: 'Caught' }] }), Caught: caught });
  const endOf = async (error: string, ...ErrorEquals: string[]) =>
    (await execute(definition(...ErrorEquals), {}, { perform: failing(error) })).outcome.status;

  it.each([
    ['Mine', 'Mine', 'SUCCEEDED'],
    ['Mine', 'Other', 'FAILED'],
    ['Mine', 'States.ALL', 'SUCCEEDED'],
    ['Mine', 'States.TaskFailed', 'SUCCEEDED'],
    ['States.Timeout', 'States.TaskFailed', 'FAILED'],
    ['States.Timeout', 'States.ALL', 'SUCCEEDED'],
    ['States.HeartbeatTimeout', 'States.Timeout', 'SUCCEEDED'],
    ['States.Runtime', 'States.ALL', 'FAILED'],
    ['States.Runtime', 'States.Runtime', 'FAILED'],
  ])('of %s by %s: %s', async (error, name, status) => {
    expect(await endOf(error, name)).toBe(status);
  });

  it('keeps the input beside the error where ResultPath says so', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Caught' }];
    const { outcome } = await execute(
      machine({ Work: task({ Catch }), Caught: caught }),
      { a: 1 },
      { perform: failing('Mine') },
    );
    expect(outcome).toMatchObject({ output: { a: 1, error: { Error: 'Mine', Cause: 'because of Mine' } } });
  });

  it('evaluates Output and Assign of a JSONata catcher on $states.errorOutput', async () => {
    const Catch = [
      {
        ErrorEquals: ['States.ALL'],
        Output: '{% $states.errorOutput.Error %}',
        Assign: { input: '{% $states.input %}' },
        Next: 'Show',
      },
    ];
    const machineWithCatch = jsonata({
      Work: task({ Catch }),
      Show: { Type: 'Pass', Output: '{% [$states.input, $input] %}', End: true },
    });
    const { outcome } = await execute(machineWithCatch, 'in', { perform: failing('Mine') });
    expect(outcome).toMatchObject({ output: ['Mine', 'in'] });
  });

  it('never takes a defect of whoever performs the task for a task failure', async () => {
    const perform = () => {
      throw new TypeError('x is not a function');
    };
    const { outcome } = await execute(definition('States.ALL'), {}, { perform });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(outcome).toMatchObject({ cause: expect.stringContaining('x is not a function') });
  });
});

describe('a Fail state', () => {
  it('ends the execution with its error and cause', async () => {
    const { outcome } = await execute(machine({ Bad: { Type: 'Fail', Error: 'E', CausePath: '$.why' } }), {
      why: 'w',
    });
    expect(outcome).toEqual({ status: 'FAILED', error: 'E', cause: 'w' });
  });

  it('may leave out both', async () => {
    const { outcome } = await execute(machine({ Bad: { Type: 'Fail' } }));
    expect(outcome).toEqual({ status: 'FAILED' });
  });
});

it('a StatesError says what happened and under which name', () => {
  expect(new StatesError('Mine', 'the cause')).toMatchObject({
    error: 'Mine',
    causeText: 'the cause',
    message: 'the cause',
  });
});
