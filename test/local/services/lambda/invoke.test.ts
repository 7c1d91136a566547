import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lambda } from '@aws-sdk/client-lambda';
import { scaledClock } from '../../../../local/clock';
import { createFaults, type Endpoint, startEndpoint } from '../../../../local/endpoint';
import { createAuthorise } from '../../../../local/iam';
import { createLambda } from '../../../../local/services/lambda';
import { until } from '../../proxy/origin';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:check';
const SOURCE = `
  exports.handler = async (event, context) => {
    console.log('asked', JSON.stringify(event));
    if (event.fail) throw new RangeError('too much');
    if (event.hang) return new Promise(() => setInterval(() => {}, 1000));
    return { got: event, name: context.functionName };
  }`;

let folder: string;
let lambda: ReturnType<typeof createLambda>;
let endpoint: Endpoint;
const lines: string[] = [];
const allowed: Record<string, string[]> = { exact: [ARN], live: [`${ARN}:live`], none: [] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-invoke-test-'));
  writeFileSync(join(folder, 'index.js'), SOURCE);
  lambda = createLambda({
    clock: scaledClock(),
    assembly: folder,
    logs: { write: (_group, _stream, line) => lines.push(line) },
    environment: () => ({}),
  });
  const properties = { Runtime: 'nodejs22.x', Role: 'arn:role', Timeout: 2, ReservedConcurrentExecutions: 2 };
  const metadata = { 'aws:asset:path': '.' };
  await lambda.resources!['AWS::Lambda::Function']!(properties, {
    logicalId: 'Check',
    name: 'check',
    metadata,
  });
  const context = { logicalId: 'Live', name: 'live', metadata: {} };
  await lambda.resources!['AWS::Lambda::Version']!({ FunctionName: 'check' }, context);
  await lambda.resources!['AWS::Lambda::Alias']!(
    { FunctionName: 'check', Name: 'live', FunctionVersion: '1' },
    context,
  );
  const statementsOf = (role: string) => [
    { Effect: 'Allow' as const, Action: 'lambda:InvokeFunction', Resource: allowed[role]! },
  ];
  endpoint = await startEndpoint({
    services: [lambda],
    authorise: createAuthorise(
      { statementsOf },
      { rolesOf: () => [], machineOf: () => undefined, keyOf: () => undefined },
    ),
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId, ...(accessKeyId in allowed && { roleArn: accessKeyId }) }),
  });
});
afterAll(async () => {
  await endpoint.close();
  await lambda.close!();
  rmSync(folder, { recursive: true });
});

const clientOf = (accessKeyId: string) =>
  new Lambda({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 'none' },
  });
const client = () => clientOf('administrator');

test.each([
  ['check', '$LATEST'],
  [ARN, '$LATEST'],
  ['000000000000:function:check', '$LATEST'],
  [`${ARN}:live`, '1'],
  ['check:live', '1'],
  ['check:1', '1'],
  ['check:$LATEST', '$LATEST'],
])(
  'a client invokes a function as %s and reads what version %s returned',
  async (FunctionName, ExecutedVersion) => {
    const answer = await client().invoke({ FunctionName, Payload: '{"n":1,"text":"é"}' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(answer.Payload!.transformToString())).toEqual({
      got: { n: 1, text: 'é' },
      name: 'check',
    });
  },
);

test('an error of the function, or its time-out, is an answer that says so', async () => {
  const failed = await client().invoke({ FunctionName: 'check', Payload: '{"fail":true}' });
  expect([failed.StatusCode, failed.FunctionError]).toEqual([200, 'Unhandled']);
  expect(JSON.parse(failed.Payload!.transformToString())).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'too much',
    trace: expect.arrayContaining(['RangeError: too much']),
  });
  const hung = await client().invoke({ FunctionName: 'check', Payload: '{"hang":true}' });
  expect(hung.FunctionError).toBe('Unhandled');
  expect(JSON.parse(hung.Payload!.transformToString())).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 2.00 seconds$/),
  });
});

test('an event is taken at once and handled later; a dry run handles nothing', async () => {
  const taken = await client().invoke({ FunctionName: 'check', InvocationType: 'Event', Payload: '{"n":7}' });
  expect(taken.StatusCode).toBe(202);
  await until('it was handled', () => lines.includes('asked {"n":7}'));
  const dry = await client().invoke({ FunctionName: 'check', InvocationType: 'DryRun', Payload: '{"n":8}' });
  expect(dry.StatusCode).toBe(204);
  await client().invoke({ FunctionName: 'check', Payload: '{"n":9}' });
  await until('the last was handled', () => lines.includes('asked {"n":9}'));
  expect(lines).not.toContain('asked {"n":8}');
});

test.each([
  [{ FunctionName: 'gone' }, 'ResourceNotFoundException', 404, 'Function not found: gone'],
  [{ FunctionName: 'check:gone' }, 'ResourceNotFoundException', 404, `Function not found: ${ARN}:gone`],
  [
    { FunctionName: 'check', Qualifier: '2', InvocationType: 'Event' as const },
    'ResourceNotFoundException',
    404,
    `Function not found: ${ARN}:2`,
  ],
  [
    { FunctionName: 'check:live', Qualifier: '1' },
    'InvalidParameterValueException',
    400,
    'does not match the specified qualifier',
  ],
  [
    { FunctionName: 'check', Payload: '{' },
    'InvalidRequestContentException',
    400,
    'Could not parse request body into json',
  ],
  [
    { FunctionName: 'check', InvocationType: 'Later' as 'Event' },
    'ValidationException',
    400,
    "Value 'Later'",
  ],
  [
    { FunctionName: 'check', Payload: `"${'x'.repeat(6_291_456)}"` },
    'RequestTooLargeException',
    413,
    'smaller than 6291456',
  ],
  [
    { FunctionName: 'check', LogType: 'Tail' as const },
    'InvalidParameterValueException',
    400,
    'read the log group',
  ],
])('what cannot be invoked is refused in AWS’s words: %#', async (input, name, status, message) => {
  await expect(client().invoke(input)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
    $metadata: { httpStatusCode: status },
  });
});

test('one call more than reserved meets the function’s reserved concurrency', async () => {
  const hanging = '{"hang":true,"own":1}';
  const first = [1, 2].map(() => client().invoke({ FunctionName: 'check', Payload: hanging }));
  await until('both are running', () => lines.filter((line) => line === `asked ${hanging}`).length === 2);

  await expect(client().invoke({ FunctionName: 'check' })).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  await Promise.all(first);
});

test('a role may invoke exactly the functions and qualifiers that its policy names', async () => {
  const ask = (role: string, FunctionName: string, Qualifier?: string) =>
    clientOf(role)
      .invoke({ FunctionName, Qualifier })
      .then(
        ({ StatusCode }) => StatusCode,
        ({ name, message, $metadata }) => [
          name,
          message.match(/resource: (\S+)/)?.[1],
          $metadata.httpStatusCode,
        ],
      );
  expect(await ask('exact', 'check')).toBe(200);
  expect(await ask('live', 'check', 'live')).toBe(200);
  expect(await ask('exact', 'check', 'live')).toEqual(['AccessDeniedException', `${ARN}:live`, 403]);
  expect(await ask('none', 'check')).toEqual(['AccessDeniedException', ARN, 403]);
});
