import * as z from 'zod/mini';
import { defineBackground } from '../../src/runtime/define-background';
import { defineStep } from '../../src/runtime/define-step';
import { backgroundHandlerOf, handlerOf } from '../../src/runtime/handler';

const context = {
  awsRequestId: 'r1',
  functionName: 'Ask',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:1:function:Ask',
  memoryLimitInMB: '512',
};
const event = { deploymentId: 'release-1', execution: 'arn:1', now: '2026-11-21T10:00:00Z', input: {} };

let printed: jest.SpyInstance;
beforeEach(() => {
  process.env.GREENLIGHT_PHASE = 'shift';
  process.env.GREENLIGHT_SETTINGS = '/greenlight/Shop';
  const keep = () => true;
  printed = jest.spyOn(process.stdout, 'write').mockImplementation(keep);
  jest.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.GREENLIGHT_PHASE;
  delete process.env.GREENLIGHT_SETTINGS;
});

/** Everything that was printed, and the lines of standard output. */
const said = () =>
  [process.stdout.write, process.stderr.write].flatMap((write) => jest.mocked(write).mock.calls);
const lines = () => said().map(([text]) => JSON.parse(String(text)));

/** A step that gives or throws this, without AWS. */
function stepThat(run: () => Promise<Record<string, unknown>>) {
  const journal = { grants: [], open: () => ({ write: async () => undefined }) };
  return handlerOf(
    defineStep({ name: 'Ask', uses: { journal }, input: z.object({}), output: () => z.looseObject({}), run }),
  );
}

it('a step logs one line of JSON: whose deployment it is, what was decided, how long it took', async () => {
  const result = {
    next: 'wait',
    greenPercent: 10,
    cause: '',
    numbers: { rows: ['a row'] },
    tables: ['orders'],
  };
  expect(await stepThat(async () => result)(event, context)).toEqual(result);
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'Ask ended',
      step: 'Ask',
      phase: 'shift',
      deploymentId: 'release-1',
      execution: 'arn:1',
      // lists and objects may hold what belongs to the journal alone
      decision: { next: 'wait', greenPercent: 10 },
      durationMs: expect.any(Number),
      function_request_id: 'r1',
    }),
  ]);
});

it('a step that took another deployment up logs under that one', async () => {
  await stepThat(async () => ({ deployment: { id: 'release-0' } }))(event, context);
  expect(lines()).toEqual([expect.objectContaining({ deploymentId: 'release-0', execution: 'arn:1' })]);
});

it('an error that the graph knows is logged at WARN, another one at ERROR, each under its name', async () => {
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  for (const error of [throttled, denied])
    await expect(stepThat(() => Promise.reject(error))(event, context)).rejects.toThrow();
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      message: 'Ask failed',
      deploymentId: 'release-1',
      error: expect.objectContaining({
        name: 'Throttled',
        message: 'Ask: ThrottlingException: Rate exceeded',
      }),
      durationMs: expect.any(Number),
    }),
    expect.objectContaining({
      level: 'ERROR',
      error: expect.objectContaining({ name: 'AccessDeniedException' }),
      FunctionErrors: 1,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Greenlight/Shop',
            Dimensions: [[]],
            Metrics: [{ Name: 'FunctionErrors', Unit: 'Count' }],
          },
        ],
      },
    }),
  ]);
  expect(lines()[0]).not.toHaveProperty('FunctionErrors');
});

it('what a driver puts on its errors is neither logged nor leaves the function, whose runtime would print it', async () => {
  const row = 'Key (email)=(ann@example.org) already exists.';
  const message = 'duplicate key value violates unique constraint "emails"';
  const error = Object.assign(new Error(message), {
    name: 'error',
    code: '23505',
    detail: row,
    cause: { connection: 'postgres://app:secret@db' },
  });
  const thrown = await stepThat(() => Promise.reject(error))(event, context).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ name: 'error', message: `Ask: ${message}`, stack: error.stack });
  expect(Object.keys(thrown as object)).toEqual(['name']);
  expect(JSON.stringify(said())).toContain('duplicate key');
  expect(JSON.stringify(said())).not.toMatch(/ann@example|secret@/);
});

it('what the language says of an input that it cannot read is told without the input', async () => {
  const failing = stepThat(async () => JSON.parse('ann@example.org'));
  await expect(failing(event, context)).rejects.toThrow('Ask: Unexpected token');
  expect(JSON.stringify(said())).not.toContain('ann@');
});

it('a pattern of the workflow holds for results, errors and logs', async () => {
  process.env.GREENLIGHT_REDACT = JSON.stringify(['customer-\\d{4,9}']);
  const result = { cause: 'customer-4711 was refused', task: 'customer-4711' };
  expect(await stepThat(async () => result)(event, context)).toEqual({ ...result, cause: '*** was refused' });
  const failing = stepThat(() => Promise.reject(new Error('no customer-4711 here')));
  await expect(failing(event, context)).rejects.toThrow('Ask: no *** here');
  expect(JSON.stringify(said())).not.toContain('customer-4711 ');
  delete process.env.GREENLIGHT_REDACT;
});

it('a call without an envelope is logged too', async () => {
  await expect(stepThat(async () => ({}))({}, context)).rejects.toThrow('Ask got an input it cannot use');
  expect(lines()).toEqual([
    expect.objectContaining({ step: 'Ask', error: expect.objectContaining({ name: 'InvalidInput' }) }),
  ]);
});

it('a function beside the graph logs what it declares, a line each, and nothing else of its result', async () => {
  const beside = defineBackground({
    name: 'Look',
    comment: 'Looks.',
    triggers: ['schedule'],
    uses: {},
    run: async () => [
      { id: 'release-1', token: 'a secret' },
      { id: 'release-2', token: 'a secret' },
    ],
    tell: (found) => found.map(({ id }) => ({ deploymentId: id, decision: { do: 'nothing' } })),
  });
  await backgroundHandlerOf(beside)({ key: 'a secret' }, context);
  expect(lines()).toEqual(
    ['release-1', 'release-2'].map((deploymentId) =>
      expect.objectContaining({
        step: 'Look',
        phase: 'background',
        deploymentId,
        decision: { do: 'nothing' },
      }),
    ),
  );
  expect(JSON.stringify(printed.mock.calls)).not.toContain('a secret');
});
