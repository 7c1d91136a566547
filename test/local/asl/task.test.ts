import { getEventListeners } from 'node:events';
import { StatesError, type TaskRequest } from '../../../local/asl';
import { execute, LAMBDA, machine, prepare } from './execute';

const CALLBACK = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
const never = () => new Promise<never>(() => {});

const callback = (fields: Record<string, unknown> = {}) =>
  machine({
    Ask: {
      Type: 'Task',
      Resource: CALLBACK,
      Parameters: { 'token.$': '$$.Task.Token' },
      ...fields,
      End: true,
    },
  });

describe('a Task', () => {
  it('gets its resource, argument and name, and its result is the output as it is', async () => {
    const seen: TaskRequest[] = [];
    const perform = async (request: TaskRequest) => {
      seen.push(request);
      return { StatusCode: 200 };
    };
    const definition = machine({ Work: { Type: 'Task', Resource: LAMBDA, Parameters: { a: 1 }, End: true } });
    const { outcome } = await execute(definition, {}, { perform });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: { StatusCode: 200 } });
    expect(seen).toEqual([expect.objectContaining({ resource: LAMBDA, argument: { a: 1 }, state: 'Work' })]);
    expect(seen[0]).toMatchObject({ taskToken: undefined, signal: { aborted: false } });
  });

  it('that outlasts TimeoutSeconds is told to stop and fails with States.Timeout', async () => {
    let signal: AbortSignal | undefined;
    const perform = (request: TaskRequest) => {
      signal = request.signal;
      return never();
    };
    const definition = machine({ Work: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 30, End: true } });
    const { outcome, seconds } = await execute(definition, {}, { perform });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(seconds).toBe(30);
    expect(signal?.aborted).toBe(true);
  });

  it('leaves no timer and no listener behind', async () => {
    const signals: AbortSignal[] = [];
    const perform = async ({ signal }: TaskRequest) => signals.push(signal);
    const definition = machine({
      Each: {
        Type: 'Map',
        ItemProcessor: machine({ Work: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 99, End: true } }),
        End: true,
      },
    });
    const { execution, clock } = prepare(definition, Array(100).fill(0), { perform });
    const removed = jest.spyOn(AbortSignal.prototype, 'removeEventListener');
    const added = jest.spyOn(AbortSignal.prototype, 'addEventListener');
    await execution.run();
    removed.mockRestore();
    const outer = new Set(added.mock.contexts as AbortSignal[]);
    added.mockRestore();
    expect(clock.pending()).toBe(0);
    const followers = [...outer].filter((signal) => !signals.includes(signal) && !signal.aborted);
    expect(followers.flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([]);
  });
});

describe('a task that waits for its token', () => {
  const ask = async (definition = callback()) => {
    let token = '';
    const perform = async (request: TaskRequest) => {
      token = request.taskToken!;
      expect(request.argument).toEqual({ token });
      return { sent: true };
    };
    const { execution, clock } = prepare(definition, {}, { perform });
    const running = execution.run();
    // Promise jobs only: a turn of the event loop would let the virtual clock jump to the time-out.
    while (token === '') await Promise.resolve();
    return { execution, clock, running, token };
  };

  it('ends with what SendTaskSuccess brings, not with what the request returned', async () => {
    const { execution, running, token, clock } = await ask(
      callback({ TimeoutSeconds: 60, HeartbeatSeconds: 50 }),
    );
    expect(execution.sendTaskSuccess('another', 1)).toBe(false);
    expect(execution.sendTaskSuccess(token, { approved: true })).toBe(true);
    expect(await running).toEqual({ status: 'SUCCEEDED', output: { approved: true } });
    expect(execution.sendTaskSuccess(token, 2)).toBe(false);
    expect(execution.history.map(({ type }) => type)).toContain('TaskSubmitted');
    expect(clock.pending()).toBe(0);
  });

  it('fails with what SendTaskFailure says', async () => {
    const { execution, running, token } = await ask();
    expect(execution.sendTaskFailure(token, 'Refused', 'too late')).toBe(true);
    expect(await running).toEqual({ status: 'FAILED', error: 'Refused', cause: 'too late' });
  });

  it('takes an answer that comes before the request has returned', async () => {
    const early = prepare(
      callback(),
      {},
      {
        perform: async ({ taskToken }) => {
          early.execution.sendTaskSuccess(taskToken!, 'early');
          return 'late';
        },
      },
    );
    expect(await early.execution.run()).toEqual({ status: 'SUCCEEDED', output: 'early' });
  });

  it('fails with States.HeartbeatTimeout when the heartbeat stops, not before', async () => {
    const beats: boolean[] = [];
    const { execution, clock } = prepare(
      callback({ HeartbeatSeconds: 10 }),
      {},
      {
        perform: async ({ taskToken }) => {
          await clock.sleep(9_000);
          beats.push(execution.sendTaskHeartbeat(taskToken!));
          await clock.sleep(9_000);
          beats.push(execution.sendTaskHeartbeat(taskToken!));
        },
      },
    );
    const started = clock.now();
    expect(await execution.run()).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    expect(beats).toEqual([true, true]);
    expect(clock.now() - started).toBe(28_000);
  });

  it('has another token in each attempt', async () => {
    const tokens = new Set<string | undefined>();
    const perform = async ({ taskToken }: TaskRequest) => {
      tokens.add(taskToken);
      throw new StatesError('Busy');
    };
    await execute(callback({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }] }), {}, { perform });
    expect(tokens.size).toBe(3);
  });
});
