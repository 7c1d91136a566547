import { type Clock, scaledClock } from '../../../../local/clock';
import type { CloudEvent, Functions } from '../../../../local/service';
import { createStates, type States } from '../../../../local/services/states';

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:probe';
const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:deploy';
const CALLER = { accessKeyId: 'admin' };

let states: States;
let events: CloudEvent[];
let invoke: Functions['invoke'];
let mayInvoke: (roleArn: string, functionArn: string) => void;
let clock: Clock;

// biome-ignore lint/suspicious/noExplicitAny: one helper for all operations, whose outputs differ
const call = async (operation: string, input: object): Promise<any> =>
  states.operations[operation]!(input, CALLER);

async function machine(States: Record<string, object>, more: Record<string, unknown> = {}) {
  const Definition = { StartAt: Object.keys(States)[0], States };
  return states.resources!['AWS::StepFunctions::StateMachine']!(
    {
      StateMachineName: 'deploy',
      RoleArn: 'arn:role',
      DefinitionString: JSON.stringify(Definition),
      ...more,
    },
    { logicalId: 'M', name: 'fallback', metadata: {} },
  );
}

async function finished(executionArn: string) {
  for (;;) {
    const execution = await call('DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const run = async (input: object = {}, name?: string) =>
  finished(
    (await call('StartExecution', { stateMachineArn: MACHINE, input: JSON.stringify(input), name }))
      .executionArn,
  );

const task = (more: object = {}) => ({ Type: 'Task', Resource: FUNCTION, End: true, ...more });
const callback = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: FUNCTION, Payload: { 'token.$': '$$.Task.Token' } },
  End: true,
};

/** Of executions, by name. */
let counted: string[];

function open(speed?: number) {
  counted = [];
  clock = scaledClock(speed);
  states = createStates({
    clock,
    emit: (event) => events.push(event),
    metrics: {
      record: ({ namespace, name, dimensions }) =>
        counted.push(`${namespace} ${name} ${Object.values(dimensions)}`),
    },
    functions: { invoke: (...args) => invoke(...args) },
    mayInvoke: (...args) => mayInvoke(...args),
  });
}
beforeEach(() => {
  events = [];
  invoke = async (_arn, payload) => ({ payload });
  mayInvoke = () => {};
  open();
});
afterEach(() => states.close!());

describe('an execution', () => {
  test('runs Lambda tasks and shows its output, times and history', async () => {
    await machine({ Work: task() });
    const execution = await run({ a: 1 }, 'first');
    expect(execution).toMatchObject({
      executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:deploy:first',
      status: 'SUCCEEDED',
      input: '{"a":1}',
      output: '{"a":1}',
      stopDate: expect.any(Date),
    });
    const { events: history } = await call('GetExecutionHistory', { executionArn: execution.executionArn });
    expect(history.map(({ type }: { type: string }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history[0].timestamp).toBeInstanceOf(Date);
  });

  test.each([
    ['succeeds', { Type: 'Succeed' }, 'ExecutionsSucceeded'],
    ['fails', { Type: 'Fail' }, 'ExecutionsFailed'],
  ])('that %s is counted by its machine', async (_, state, name) => {
    await machine({ Work: state });
    await run();
    expect(counted.sort()).toEqual(
      [
        ...[`AWS/States ${name} ${MACHINE}`, `AWS/States ExecutionTime ${MACHINE}`].sort(),
        `AWS/States ExecutionsStarted ${MACHINE}`,
      ].sort(),
    );
  });

  test('that is stopped is counted by its machine', async () => {
    await machine({ Work: { Type: 'Wait', Seconds: 60, End: true } });
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE, input: '{}' });
    await call('StopExecution', { executionArn });
    expect(counted).toContain(`AWS/States ExecutionsAborted ${MACHINE}`);
  });

  test('pages its history, also backwards and without data', async () => {
    await machine({ Work: task() });
    const { executionArn } = await run({ a: 1 });
    const first = await call('GetExecutionHistory', { executionArn, maxResults: 5 });
    const rest = await call('GetExecutionHistory', {
      executionArn,
      maxResults: 5,
      nextToken: first.nextToken,
    });
    expect([first.events.length, rest.events.length, rest.nextToken]).toEqual([5, 2, undefined]);
    const options = { executionArn, reverseOrder: true, includeExecutionData: false };
    const { events: backwards } = await call('GetExecutionHistory', options);
    expect(backwards[0].type).toBe('ExecutionSucceeded');
    expect(JSON.stringify(backwards)).not.toMatch(/"(input|output)":/);
    await expect(call('GetExecutionHistory', { executionArn, nextToken: 'x' })).rejects.toMatchObject({
      name: 'InvalidToken',
    });
  });

  test('of the integration lambda:invoke sees the payload inside the answer of Lambda', async () => {
    const Parameters = { FunctionName: FUNCTION, 'Payload.$': '$' };
    await machine({ Work: task({ Resource: 'arn:aws:states:::lambda:invoke', Parameters }) });
    expect(JSON.parse((await run({ a: 1 })).output)).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { a: 1 },
      StatusCode: 200,
    });
  });

  test.each([
    ['names no payload', {}],
    ['has null for one', { Payload: null }],
  ])('hands a function an empty object when the integration %s', async (_, payload) => {
    const Parameters = { FunctionName: FUNCTION, ...payload };
    await machine({ Work: task({ Resource: 'arn:aws:states:::lambda:invoke', Parameters }) });
    expect(JSON.parse((await run({ a: 1 })).output).Payload).toEqual({});
  });

  test("fails with the name of a function's error and its payload as cause", async () => {
    invoke = async () => ({ error: { errorType: 'LockHeld', errorMessage: 'by d-1', stackTrace: ['at x'] } });
    await machine({ Work: task() });
    const { status, error, cause } = await run();
    expect([status, error]).toEqual(['FAILED', 'LockHeld']);
    expect(JSON.parse(cause)).toEqual({ errorType: 'LockHeld', errorMessage: 'by d-1', trace: ['at x'] });
  });

  test('retries faults of the Lambda service under their AWS names', async () => {
    let calls = 0;
    invoke = async () => {
      if (calls++ === 0)
        throw Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException' });
      return { payload: 'done' };
    };
    const Retry = [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 1 }];
    await machine({ Work: task({ Retry }) });
    expect((await run()).output).toBe('"done"');
  });

  test('whose role may not invoke the function fails with the denial', async () => {
    mayInvoke = (roleArn, functionArn) => {
      throw Object.assign(
        new Error(`${roleArn} is not authorized to perform: lambda:InvokeFunction on ${functionArn}`),
        {
          name: 'AccessDeniedException',
        },
      );
    };
    await machine({ Work: task() });
    expect(await run()).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: `arn:role is not authorized to perform: lambda:InvokeFunction on ${FUNCTION}`,
    });
  });

  test('tells EventBridge when it begins and ends', async () => {
    await machine({ Work: task() });
    const { executionArn } = await run({ a: 1 });
    expect(events.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'SUCCEEDED']);
    expect(events[1]).toMatchObject({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [executionArn],
      detail: { output: '{"a":1}', stateMachineArn: MACHINE },
    });
  });

  test('can be stopped, which ends it at once and only once', async () => {
    await machine({ Long: { Type: 'Wait', Seconds: 3600, End: true } });
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    const { stopDate } = await call('StopExecution', { executionArn, error: 'Operator', cause: 'enough' });
    expect(await finished(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Operator',
      cause: 'enough',
      stopDate,
    });
    expect((await call('StopExecution', { executionArn })).stopDate).toEqual(stopDate);
    expect(events.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'ABORTED']);
  });
});

describe('the name of an execution', () => {
  const start = (name: string, input = '{}') =>
    call('StartExecution', { stateMachineArn: MACHINE, name, input });

  test('with the same input gives the execution that is running, and is taken afterwards', async () => {
    await machine({ Long: { Type: 'Wait', Seconds: 3600, End: true } });
    const first = await start('d-1');
    expect(await start('d-1')).toEqual(first);
    await expect(start('d-1', '{"other":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await call('StopExecution', { executionArn: first.executionArn });
    await expect(start('d-1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect(events.filter(({ detail }) => detail.status === 'RUNNING')).toHaveLength(1);
  });

  test.each(['a b', 'a/b', 'a:b', 'x'.repeat(81), ''])('%j is refused', async (name) => {
    await machine({ Work: task() });
    await expect(start(name)).rejects.toMatchObject({ name: 'InvalidName' });
  });

  test('is not taken by an input that is no JSON', async () => {
    await machine({ Work: task() });
    await expect(start('d-1', '{')).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    const large = JSON.stringify('x'.repeat(262_144));
    await expect(start('d-1', large)).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await start('d-1');
  });
});

describe('executions are listed', () => {
  test('newest first, by status, in pages', async () => {
    await machine({ Work: task() });
    for (const name of ['one', 'two', 'three']) await run({}, name);
    const list = (more: object) => call('ListExecutions', { stateMachineArn: MACHINE, ...more });
    const names = (page: { executions: { name: string }[] }) => page.executions.map(({ name }) => name);
    const first = await list({ maxResults: 2 });
    expect(names(first)).toEqual(['three', 'two']);
    expect(names(await list({ maxResults: 2, nextToken: first.nextToken }))).toEqual(['one']);
    expect(names(await list({ statusFilter: 'RUNNING' }))).toEqual([]);
    await machine({ Work: task() }, { StateMachineName: 'other' });
    expect(names(await list({ stateMachineArn: MACHINE.replace('deploy', 'other') }))).toEqual([]);
  });
});

describe('a task token', () => {
  async function waiting() {
    let token = '';
    invoke = async (_arn, payload) => {
      token = (payload as { token: string }).token;
      return { payload: null };
    };
    await machine({ Approve: callback });
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    while (!token) await new Promise((resolve) => setTimeout(resolve, 5));
    return { executionArn, token };
  }

  test('ends its task with success, once', async () => {
    const { executionArn, token: taskToken } = await waiting();
    await expect(call('SendTaskSuccess', { taskToken, output: '{' })).rejects.toMatchObject({
      name: 'InvalidOutput',
    });
    await call('SendTaskHeartbeat', { taskToken });
    await call('SendTaskSuccess', { taskToken, output: '{"ok":true}' });
    expect(await finished(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":true}' });
    await expect(call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });
  });

  test('ends its task with failure', async () => {
    const { executionArn, token: taskToken } = await waiting();
    await call('SendTaskFailure', { taskToken, error: 'Rejected', cause: 'not today' });
    expect(await finished(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Rejected',
      cause: 'not today',
    });
  });

  test('is waited for in cloud time, while the work of a task has its own', async () => {
    await states.close!();
    open(10_000);
    const slow = task({ TimeoutSeconds: 1000, Next: 'Approve', End: undefined });
    invoke = async (_arn, payload) => {
      if (!(payload as { token?: string }).token) await new Promise((resolve) => setTimeout(resolve, 300));
      return { payload };
    };
    await machine({ Work: slow, Approve: { ...callback, TimeoutSeconds: 10_000 } });
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    expect(await finished(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  }, 120_000);

  test('that was never given out does not exist', async () => {
    await expect(call('SendTaskHeartbeat', { taskToken: 'x' })).rejects.toMatchObject({
      name: 'TaskDoesNotExist',
    });
  });
});

describe('a state machine', () => {
  test('is described with its definition', async () => {
    const made = await machine({ Work: task() });
    expect(made).toMatchObject({ ref: MACHINE, attributes: { Name: 'deploy', Arn: MACHINE } });
    expect(await call('DescribeStateMachine', { stateMachineArn: MACHINE })).toMatchObject({
      status: 'ACTIVE',
      roleArn: 'arn:role',
      definition: expect.stringContaining('"StartAt":"Work"'),
    });
    expect((await call('ListStateMachines', {})).stateMachines).toMatchObject([{ name: 'deploy' }]);
    const other = `${MACHINE}-other`;
    await expect(call('DescribeStateMachine', { stateMachineArn: other })).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
  });

  describe('that is updated', () => {
    const definition = (Result: string) =>
      JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 1, Next: 'End' }, End: { Type: 'Pass', Result, End: true } },
      });
    const start = async () =>
      (await call('StartExecution', { stateMachineArn: MACHINE, input: '{}' })).executionArn;

    test.each([
      [
        'by its operation',
        () => call('UpdateStateMachine', { stateMachineArn: MACHINE, definition: definition('new') }),
      ],
      [
        'by its template',
        async () =>
          states.updates!['AWS::StepFunctions::StateMachine']!(
            { StateMachineName: 'deploy', RoleArn: 'arn:role', DefinitionString: definition('new') },
            { logicalId: 'M', name: 'deploy', metadata: {}, ref: MACHINE, before: {} },
          ),
      ],
    ])('%s leaves executions that run what they began with', async (_how, update) => {
      await machine({}, { DefinitionString: definition('old') });
      const before = await call('DescribeStateMachine', { stateMachineArn: MACHINE });
      const running = await start();
      await update();
      const after = await start();
      expect((await finished(running)).output).toBe('"old"');
      expect((await finished(after)).output).toBe('"new"');
      const now = await call('DescribeStateMachine', { stateMachineArn: MACHINE });
      expect(now).toMatchObject({ definition: definition('new'), creationDate: before.creationDate });
      expect(now.revisionId).not.toBe(before.revisionId);
      expect(await call('DescribeStateMachineForExecution', { executionArn: running })).toMatchObject({
        ...{ definition: definition('old'), revisionId: before.revisionId },
      });
    });

    test('changes nothing when it is refused', async () => {
      await machine({}, { DefinitionString: definition('old') });
      const refused = async (input: object, name: string) =>
        expect(call('UpdateStateMachine', { stateMachineArn: MACHINE, ...input })).rejects.toMatchObject({
          name,
        });
      await refused({}, 'MissingRequiredParameter');
      await refused({ definition: '{"StartAt":"Gone","States":{}}' }, 'InvalidDefinition');
      await refused({ definition: definition('new'), publish: true }, 'ValidationException');
      await refused(
        { stateMachineArn: `${MACHINE}s`, definition: definition('new') },
        'StateMachineDoesNotExist',
      );
      expect((await finished(await start())).output).toBe('"old"');
    });
  });

  test('with a defect or with an integration that is not there is refused by name', async () => {
    await expect(machine({ Work: { Type: 'Task', Resource: FUNCTION, Next: 'Nowhere' } })).rejects.toThrow(
      'Nowhere',
    );
    const Resource = 'arn:aws:states:::ecs:runTask.sync';
    const Branches = [{ StartAt: 'Migrate', States: { Migrate: task({ Resource }) } }];
    await expect(machine({ All: { Type: 'Parallel', Branches, End: true } })).rejects.toThrow(Resource);
    await expect(machine({ Work: task() }, { StateMachineType: 'EXPRESS' })).rejects.toThrow(
      'express workflows',
    );
  });
});

test('of those that have ended the last 100 are kept, and what runs is never forgotten', async () => {
  await machine({ Wait: { Type: 'Wait', Seconds: 3600, End: true } });
  const { executionArn: running } = await call('StartExecution', {
    stateMachineArn: MACHINE,
    name: 'running',
  });
  const ended: string[] = [];
  for (let index = 0; index < 101; index++) {
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    await call('StopExecution', { executionArn });
    ended.push(executionArn);
  }
  await finished(ended[100]!);
  await expect(call('DescribeExecution', { executionArn: ended[0] })).rejects.toThrow('Does Not Exist');
  expect(await call('DescribeExecution', { executionArn: ended[1] })).toMatchObject({ status: 'ABORTED' });
  expect(await call('DescribeExecution', { executionArn: running })).toMatchObject({ status: 'RUNNING' });
});

test('closing ends what runs, without events', async () => {
  await machine({ Long: { Type: 'Wait', Seconds: 3600, End: true } });
  await call('StartExecution', { stateMachineArn: MACHINE });
  await states.close!();
  expect(events).toHaveLength(1);
});

describe('a redrive', () => {
  const redrive = (executionArn: string, clientToken?: string) =>
    call('RedriveExecution', { executionArn, clientToken });

  test('takes a failed execution to its end under its ARN, and tells of itself', async () => {
    await machine({ First: task({ Next: 'Second', End: undefined }), Second: task() });
    const done: unknown[] = [];
    let broken = true;
    invoke = async (_arn, payload) => {
      done.push(payload);
      return done.length > 1 && broken
        ? { error: { errorType: 'Broken', errorMessage: 'for now' } }
        : { payload: done.length };
    };
    const failed = await run({ a: 1 }, 'one');
    expect(failed).toMatchObject({ status: 'FAILED', redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    broken = false;
    const { redriveDate } = await redrive(failed.executionArn, 'token');
    expect(await redrive(failed.executionArn, 'token')).toEqual({ redriveDate });
    const { executionArn } = failed;
    const ended = await finished(executionArn);
    expect(ended).toMatchObject({
      executionArn,
      status: 'SUCCEEDED',
      input: '{"a":1}',
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven.',
    });
    expect([ended.error, ended.cause]).toEqual([undefined, undefined]);
    expect(done).toEqual([{ a: 1 }, 1, 1]);
    expect(events.map(({ detail }) => [detail.status, detail.redriveCount, detail.redriveStatus])).toEqual([
      ['RUNNING', 0, 'NOT_REDRIVABLE'],
      ['FAILED', 0, 'REDRIVABLE'],
      ['RUNNING', 1, 'NOT_REDRIVABLE'],
      ['SUCCEEDED', 1, 'NOT_REDRIVABLE'],
    ]);
  });

  test('can be stopped, answered by token and redriven once more', async () => {
    await machine({ Ask: callback });
    let token = '';
    invoke = async (_arn, payload) => {
      token = (payload as { token: string }).token;
      return { payload: null };
    };
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    for (const _ of [1, 2]) {
      token = '';
      while (token === '') await new Promise((resolve) => setTimeout(resolve, 5));
      await call('StopExecution', { executionArn });
      expect((await finished(executionArn)).status).toBe('ABORTED');
      token = '';
      await redrive(executionArn);
    }
    while (token === '') await new Promise((resolve) => setTimeout(resolve, 5));
    await call('SendTaskSuccess', { taskToken: token, output: '"yes"' });
    expect(await finished(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '"yes"',
      redriveCount: 2,
    });
  });

  test('of an execution that runs, succeeded or ended long ago is refused', async () => {
    await machine({ Work: task() });
    const refused = (executionArn: string) =>
      redrive(executionArn).catch((error) => [error.name, error.message]);
    const ended = await run();
    expect(await refused(ended.executionArn)).toEqual([
      'ExecutionNotRedrivable',
      'Execution is SUCCEEDED and cannot be redriven.',
    ]);
    invoke = () => new Promise(() => {});
    const { executionArn } = await call('StartExecution', { stateMachineArn: MACHINE });
    expect(await refused(executionArn)).toEqual([
      'ExecutionNotRedrivable',
      'Execution is RUNNING and cannot be redriven.',
    ]);
    await call('StopExecution', { executionArn });
    const now = clock.now();
    clock.now = () => now + 15 * 24 * 60 * 60 * 1000;
    expect(await refused(executionArn)).toEqual([
      'ExecutionNotRedrivable',
      'Execution redrivable period exceeded.',
    ]);
    expect(await refused(`${executionArn}-not`)).toMatchObject(['ExecutionDoesNotExist', expect.anything()]);
  });
});
