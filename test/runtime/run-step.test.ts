import * as z from 'zod/mini';
import { defineStep } from '../../src/runtime/define-step';
import { runStep } from '../../src/runtime/run-step';

const environment = {
  table: 't',
  topic: '',
  settingsPrefix: '',
  answers: '',
  phase: '',
  reports: '',
  stateMachine: '',
  redact: [],
};
const event = { deploymentId: 'd1', execution: 'e1', now: '2026-11-21T10:00:00Z', input: {} };

/** What the graph is told when the world answers a step with this error. */
async function told(error: object): Promise<{ name: string; message: string }> {
  const world = {
    grants: [],
    open: () => ({ ask: async () => Promise.reject(Object.assign(new Error('Rate exceeded'), error)) }),
  };
  const step = defineStep({
    name: 'Ask',
    uses: { world },
    input: z.object({}),
    output: () => z.object({}),
    run: async (_, ports) => {
      await ports.world.ask();
      return {};
    },
  });
  return runStep(step, event, environment).then(
    () => ({ name: 'none', message: '' }),
    ({ name, message }: Error) => ({ name, message }),
  );
}

test.each([
  ['ThrottlingException', 'Throttled'],
  ['Throttling', 'Throttled'],
  ['TooManyRequestsException', 'Throttled'],
  ['ProvisionedThroughputExceededException', 'Throttled'],
  ['SlowDown', 'Throttled'],
  ['ServiceUnavailable', 'TransientFault'],
  ['InternalServerError', 'TransientFault'],
  ['TransactionConflictException', 'TransientFault'],
])('%s of an AWS service is %s to the graph', async (name, expected) => {
  expect(await told({ name })).toEqual({ name: expected, message: `Ask: ${name}: Rate exceeded` });
});

test('an error says in which step it happened, once', async () => {
  expect((await told({ message: 'no such rule' })).message).toBe('Ask: no such rule');
  expect((await told({ message: 'Ask cannot be answered' })).message).toBe('Ask cannot be answered');
});

test('a broken connection passes by itself, and what is wrong for good keeps its name', async () => {
  expect((await told({ code: 'ECONNRESET' })).name).toBe('TransientFault');
  expect((await told({ name: 'AccessDeniedException' })).name).toBe('AccessDeniedException');
});
