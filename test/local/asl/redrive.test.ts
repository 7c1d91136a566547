import { type State, StatesError, type TaskRequest } from '../../../local/asl';
import { failing, jsonata, LAMBDA, prepare } from './execute';

const task = (more: Partial<State> = {}): State => ({ Type: 'Task', Resource: LAMBDA, ...more });

/** Tasks that fail the first `times` times in the state of this name, noting every call. */
function failingIn(name: string, times: number) {
  const calls: { state: string; argument: unknown }[] = [];
  let left = times;
  const perform = async ({ state, argument }: TaskRequest) => {
    calls.push({ state, argument });
    if (state === name && left-- > 0) throw new StatesError('Broken', 'for now');
    return { by: state };
  };
  return { calls, perform, states: () => calls.map(({ state }) => state) };
}

const types = (history: readonly { type: string }[]) => history.map(({ type }) => type);

describe('a redrive', () => {
  it('goes on in the failed state with its input and the variables as they stood, without entering it again', async () => {
    const { perform, calls } = failingIn('Second', 1);
    const { execution } = prepare(
      jsonata({
        First: task({
          Arguments: 'one',
          Assign: { kept: '{% $states.result.by %}' },
          Output: { n: 1 },
          Next: 'Second',
        }),
        Second: task({
          Arguments: {
            kept: '{% $kept %}',
            input: '{% $states.input %}',
            redrives: '{% $states.context.Execution.RedriveCount %}',
          },
          Assign: { kept: 'second' },
          Next: 'Third',
        }),
        Third: { Type: 'Succeed', Output: '{% $kept %}' },
      }),
      { start: true },
      { perform },
    );
    expect(await execution.run()).toEqual({ status: 'FAILED', error: 'Broken', cause: 'for now' });
    const before = execution.history.length;
    expect(await execution.runAgain()).toEqual({ status: 'SUCCEEDED', output: 'second' });
    expect(calls).toEqual([
      { state: 'First', argument: 'one' },
      { state: 'Second', argument: { kept: 'First', input: { n: 1 }, redrives: 0 } },
      { state: 'Second', argument: { kept: 'First', input: { n: 1 }, redrives: 1 } },
    ]);
    expect(types(execution.history.slice(before - 1))).toEqual([
      'ExecutionFailed',
      'ExecutionRedriven',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    expect(execution.history[before]).toMatchObject({
      id: before + 1,
      executionRedrivenEventDetails: { redriveCount: 1 },
    });
  });

  it('has all its retries again, and may fail and be redriven again', async () => {
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 1 }];
    const { execution } = prepare(jsonata({ Work: task({ Retry, End: true }) }), 'x', {
      perform: failing('Broken', 'Broken', 'Broken', 'Broken', 'Broken'),
    });
    expect((await execution.run()).status).toBe('FAILED');
    expect((await execution.runAgain()).status).toBe('FAILED');
    expect(await execution.runAgain()).toMatchObject({ status: 'SUCCEEDED' });
    const redrives = execution.history.flatMap(({ executionRedrivenEventDetails: details }) => details ?? []);
    expect(redrives).toEqual([{ redriveCount: 1 }, { redriveCount: 2 }]);
  });

  it('of a Fail state fails again, without what led there', async () => {
    const { perform, states } = failingIn('Work', 1);
    const { execution } = prepare(
      jsonata({
        Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Undone' }], End: true }),
        Undone: { Type: 'Fail', Error: 'RolledBack', Cause: 'work failed' },
      }),
      {},
      { perform },
    );
    const failed = { status: 'FAILED', error: 'RolledBack', cause: 'work failed' };
    expect(await execution.run()).toEqual(failed);
    expect(await execution.runAgain()).toEqual(failed);
    expect(states()).toEqual(['Work']);
  });

  it('of a Parallel runs only the branches that did not succeed, each from where it stood', async () => {
    const { perform, states } = failingIn('B2', 1);
    const branch = (...names: string[]) => ({
      StartAt: names[0]!,
      States: Object.fromEntries(
        names.map((name, n) => [
          name,
          task(n === names.length - 1 ? { End: true } : { Next: names[n + 1]!, Assign: { own: name } }),
        ]),
      ),
    });
    const { execution } = prepare(
      jsonata({ Both: { Type: 'Parallel', Branches: [branch('A1'), branch('B1', 'B2', 'B3')], End: true } }),
      {},
      { perform },
    );
    expect((await execution.run()).status).toBe('FAILED');
    expect(await execution.runAgain()).toEqual({ status: 'SUCCEEDED', output: [{ by: 'A1' }, { by: 'B3' }] });
    expect(states()).toEqual(['A1', 'B1', 'B2', 'B2', 'B3']);
    expect(types(execution.history).filter((type) => type === 'ParallelStateStarted')).toHaveLength(1);
  });

  it('of a Parallel whose retrier tries it again runs all of its branches', async () => {
    const { perform, states } = failingIn('B1', 3);
    const one = (name: string) => ({ StartAt: name, States: { [name]: task({ End: true }) } });
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 1 }];
    const both: State = { Type: 'Parallel', Branches: [one('A1'), one('B1')], End: true };
    const once = prepare(jsonata({ Both: { ...both, Retry } }), {}, { perform });
    expect((await once.execution.run()).status).toBe('FAILED');
    expect((await once.execution.runAgain()).status).toBe('SUCCEEDED');
    // twice in vain, then the branch alone in vain, then all again
    expect(states()).toEqual(['A1', 'B1', 'A1', 'B1', 'B1', 'A1', 'B1']);
  });

  it('of an inline Map runs only the iterations that did not succeed', async () => {
    const seen: unknown[] = [];
    let broken = true;
    const perform = async ({ argument }: TaskRequest) => {
      seen.push(argument);
      if (argument === 2 && broken) throw new StatesError('Broken');
      return Number(argument) * 10;
    };
    const { execution } = prepare(
      jsonata({
        Each: {
          Type: 'Map',
          Items: [1, 2, 3],
          MaxConcurrency: 1,
          ItemProcessor: { StartAt: 'Work', States: { Work: task({ End: true }) } },
          End: true,
        },
      }),
      {},
      { perform },
    );
    expect((await execution.run()).status).toBe('FAILED');
    broken = false;
    expect(await execution.runAgain()).toEqual({ status: 'SUCCEEDED', output: [10, 20, 30] });
    expect(seen).toEqual([1, 2, 2, 3]);
  });

  it('after a stop waits the whole time again, and the machine’s time-out begins anew', async () => {
    const { execution, clock } = prepare(
      {
        ...jsonata({ Hold: { Type: 'Wait', Seconds: 60, Next: 'Work' }, Work: task({ End: true }) }),
        TimeoutSeconds: 90,
      },
      'x',
    );
    const first = execution.run();
    await clock.sleep(40_000);
    execution.stop('Operator', 'not now');
    expect(await first).toEqual({ status: 'ABORTED', error: 'Operator', cause: 'not now' });
    const again = clock.now();
    expect(await execution.runAgain()).toMatchObject({ status: 'SUCCEEDED' });
    expect(clock.now() - again).toBe(60_000);
  });
});
