import type { HistoryEvent } from '../../../local/asl';
import { context, execute, jsonata, LAMBDA, machine, prepare } from './execute';

const waiting = machine({ Wait: { Type: 'Wait', Seconds: 3600, Next: 'Done' }, Done: { Type: 'Succeed' } });

describe('an execution', () => {
  it('that is stopped ends ABORTED, in the middle of a wait, and nothing is caught', async () => {
    const { execution, clock } = prepare(
      machine({
        Fan: {
          Type: 'Parallel',
          Branches: [waiting],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', End: true },
      }),
    );
    const running = execution.run();
    clock.sleep(60_000).then(() => execution.stop('Operator', 'stopped by hand'));
    expect(await running).toEqual({ status: 'ABORTED', error: 'Operator', cause: 'stopped by hand' });
    expect(execution.history.at(-1)).toMatchObject({ type: 'ExecutionAborted' });
    expect(clock.pending()).toBe(0);
  });

  it('that outlasts its TimeoutSeconds ends TIMED_OUT', async () => {
    const { outcome, seconds } = await execute({ ...waiting, TimeoutSeconds: 5 });
    expect(outcome).toEqual({ status: 'TIMED_OUT' });
    expect(seconds).toBe(5);
  });

  it('that ends in time leaves no timer behind', async () => {
    const { outcome, pending } = await execute({ ...waiting, TimeoutSeconds: 7200 });
    expect({ status: outcome.status, pending }).toEqual({ status: 'SUCCEEDED', pending: 0 });
  });

  it('that loops without waiting can be stopped, and leaves others their turn', async () => {
    const { execution } = prepare(
      machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
    );
    const running = execution.run();
    setImmediate(() => execution.stop());
    expect(await running).toMatchObject({ status: 'ABORTED' });
  });

  it('fails when its history has 25,000 events', async () => {
    const { outcome, events } = await execute(machine({ A: { Type: 'Pass', Next: 'A' } }));
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(events).toHaveLength(25_000);
  });

  it('shows its context object', async () => {
    const { outcome } = await execute(
      jsonata({ Look: { Type: 'Pass', Output: '{% $states.context %}', End: true } }),
      1,
    );
    expect(outcome).toMatchObject({
      output: {
        Execution: {
          Id: context.executionArn,
          Input: 1,
          Name: 'one',
          RoleArn: context.roleArn,
          StartTime: '2026-01-01T00:00:00.000Z',
          RedriveCount: 0,
        },
        StateMachine: { Id: context.stateMachineArn, Name: 'orders' },
        State: { Name: 'Look', EnteredTime: '2026-01-01T00:00:00.000Z' },
      },
    });
  });
});

describe('the history', () => {
  const brief = ({ id, previousEventId, type }: HistoryEvent) => [id, previousEventId, type];

  it('has the events of GetExecutionHistory, each with the one before it', async () => {
    const seen: HistoryEvent[] = [];
    const definition = machine({
      Work: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 9, Next: 'Done' },
      Done: { Type: 'Succeed' },
    });
    const { events } = await execute(definition, { a: 1 }, { onEvent: (event) => seen.push(event) });
    expect(events.map(brief)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'LambdaFunctionScheduled'],
      [4, 3, 'LambdaFunctionStarted'],
      [5, 4, 'LambdaFunctionSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'SucceedStateEntered'],
      [8, 7, 'SucceedStateExited'],
      [9, 8, 'ExecutionSucceeded'],
    ]);
    expect(seen).toEqual(events);
    expect(events[1]).toMatchObject({
      stateEnteredEventDetails: { name: 'Work', input: '{"a":1}', inputDetails: { truncated: false } },
    });
    expect(events[2]).toMatchObject({
      lambdaFunctionScheduledEventDetails: { resource: LAMBDA, input: '{"a":1}', timeoutInSeconds: 9 },
    });
  });

  it('names service and action of an integration', async () => {
    const Resource = 'arn:aws:states:::aws-sdk:dynamodb:putItem';
    const { events } = await execute(machine({ Put: { Type: 'Task', Resource, End: true } }));
    expect(events[2]).toMatchObject({
      type: 'TaskScheduled',
      taskScheduledEventDetails: {
        resourceType: 'aws-sdk:dynamodb',
        resource: 'putItem',
        region: 'eu-west-1',
      },
    });
  });

  it('tells where an evaluation failed', async () => {
    const { events, outcome } = await execute(
      jsonata({ Bad: { Type: 'Pass', Output: '{% $x %}', End: true } }),
    );
    expect(events.map(brief)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'PassStateEntered'],
      [3, 2, 'EvaluationFailed'],
      [4, 3, 'ExecutionFailed'],
    ]);
    expect(events[2]).toMatchObject({ evaluationFailedEventDetails: { state: 'Bad', location: 'Output' } });
    expect(outcome).toMatchObject({
      cause: expect.stringContaining("state 'Bad' (entered at the event id #2)"),
    });
  });

  it('shows what a state assigned, as JSON', async () => {
    const { events } = await execute(machine({ Set: { Type: 'Pass', Assign: { a: [1] }, End: true } }));
    expect(events[2]).toMatchObject({ stateExitedEventDetails: { assignedVariables: { a: '[1]' } } });
  });
});
