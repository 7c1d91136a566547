import { createFaults, type Fault } from '../../../../local/endpoint';
import type { Invocation } from '../../../../local/service';
import { withMisfortunes } from '../../../../local/services/lambda/misfortunes';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:Shop-CheckGreen1A2B';

/** A function that counts how often it ran, as another service invokes it while a fault is in force. */
function invoked(fault: Fault) {
  const done: string[] = [];
  const killed: string[] = [];
  const slept: number[] = [];
  const functions = withMisfortunes({
    functions: {
      async invoke(functionArn): Promise<Invocation> {
        done.push(functionArn);
        return { payload: { status: 'healthy', streak: 2 } };
      },
    },
    faults: createFaults([fault]),
    clock: { sleep: async (ms: number) => void slept.push(ms) } as never,
    ended: () => {},
    kill: async (functionArn) => void killed.push(functionArn),
    service: 'states',
  });
  return { done, killed, slept, ended: functions.invoke(ARN, {}) };
}
const on = (kind: object) => ({ operation: 'lambda:Invoke', target: 'CheckGreen', ...kind }) as Fault;

it.each([
  ['before', {}, 'ServiceException', 0],
  ['before', { error: 'EC2ThrottledException' }, 'EC2ThrottledException', 0],
  ['throttle', {}, 'TooManyRequestsException', 0],
  ['deny', {}, 'AccessDeniedException', 0],
  ['after', {}, 'ServiceException', 1],
])('%s %j is the error %s, and the function has run %i times', async (kind, more, name, times) => {
  const { done, ended } = invoked(on({ kind, ...more }));
  await expect(ended).rejects.toMatchObject({ name });
  expect(done).toHaveLength(times);
});

it('a slow answer comes late, after the function has run', async () => {
  const { done, slept, ended } = invoked(on({ kind: 'slow', delayMs: 95_000 }));
  expect(await ended).toEqual({ payload: { status: 'healthy', streak: 2 } });
  expect([done.length, slept]).toEqual([1, [95_000]]);
});

it('a time-out is told after the function has done its work', async () => {
  const { done, ended } = invoked(on({ kind: 'timeout' }));
  expect(await ended).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  expect(done).toHaveLength(1);
});

it('changes the answer', async () => {
  const { ended } = invoked(on({ kind: 'override', patch: { streak: 0 } }));
  expect(await ended).toEqual({ payload: { status: 'healthy', streak: 0 } });
});

it('kills the function that is called', async () => {
  const { killed, ended } = invoked(on({ kind: 'kill' }));
  await ended;
  expect(killed).toEqual([ARN]);
});

it.each([
  ['of another function', on({ kind: 'before', target: 'StartGreen' })],
  ['of another caller', on({ kind: 'before', role: 'events' })],
])('leaves invocations %s alone', async (_whose, fault) => {
  expect(await invoked(fault).ended).toHaveProperty('payload');
});
