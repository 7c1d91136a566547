import type { TestStateInput } from '@aws-sdk/client-sfn';
import { scaledClock } from '../../../../local/clock';
import type { Invocation } from '../../../../local/service';
import { createStates } from '../../../../local/services/states';

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:work';
const ROLE = 'arn:aws:iam::000000000000:role/states';

/** What TestState says of one state whose function answers so. */
async function tested(state: object, more: Partial<TestStateInput> = {}, answer?: Invocation) {
  const states = createStates({
    clock: scaledClock(),
    emit: () => {},
    functions: { invoke: async (_, payload) => answer ?? { payload } },
    mayInvoke: () => {},
  });
  const request = { definition: JSON.stringify(state), roleArn: ROLE, input: '{"n":2}', ...more };
  try {
    return await states.operations.TestState!(request, { accessKeyId: 'tester' });
  } finally {
    await states.close!();
  }
}

const task = { Type: 'Task', Resource: FUNCTION, ResultPath: '$.result', Next: 'After' };
const failure: Invocation = { error: { errorType: 'Busy', errorMessage: 'later' } };

it('runs one state and tells its output and the state after it', async () => {
  expect(await tested(task)).toEqual({
    status: 'SUCCEEDED',
    output: '{"n":2,"result":{"n":2}}',
    nextState: 'After',
  });
  expect(await tested({ Type: 'Succeed' })).toEqual({ status: 'SUCCEEDED', output: '{"n":2}' });
});

it('gives the state the variables that a request has', async () => {
  const state = { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $who %}', End: true };
  expect(await tested(state, { variables: '{"who":"you"}' })).toEqual({
    status: 'SUCCEEDED',
    output: '"you"',
  });
});

it('tries nothing again, and says what a retrier or a catcher would take', async () => {
  const Retry = [{ ErrorEquals: ['Busy'] }];
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }];
  const said = { error: 'Busy', cause: expect.stringContaining('later') };
  expect(await tested(task, {}, failure)).toEqual({ status: 'FAILED', ...said });
  expect(await tested({ ...task, Retry, Catch }, {}, failure)).toEqual({ status: 'RETRIABLE', ...said });
  expect(await tested({ ...task, Catch }, {}, failure)).toMatchObject({
    ...{ status: 'CAUGHT_ERROR', nextState: 'Sorry', ...said },
    output: expect.stringContaining('"Error":"Busy"'),
  });
});

it('tests a state of a machine by its name, and refuses what is not served and what is no state', async () => {
  const States = { One: { ...task, Next: 'Two' }, Two: { Type: 'Succeed' } };
  expect(await tested({ StartAt: 'One', States }, { stateName: 'Two' })).toMatchObject({
    status: 'SUCCEEDED',
  });
  await expect(tested({ StartAt: 'One', States }, { stateName: 'Three' })).rejects.toThrow('Three');
  await expect(tested(task, { inspectionLevel: 'TRACE' })).rejects.toThrow('use INFO');
  await expect(tested({ Type: 'Rest', End: true })).rejects.toMatchObject({ name: 'InvalidDefinition' });
});
