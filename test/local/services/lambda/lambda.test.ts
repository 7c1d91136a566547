import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, scaledClock } from '../../../../local/clock';
import { createLambda, type Lambda } from '../../../../local/services/lambda';

let folder: string;
let lambda: Lambda;
let lines: string[];
let streams: Set<string>;
/** The metrics of functions, each as often as it was published. */
let counted: string[];

function start(clock: Clock = scaledClock(), sleepy = false) {
  lambda = createLambda({
    clock,
    sleepy,
    assembly: folder,
    logs: {
      write: (group, stream, message) => {
        lines.push(`${group}: ${message}`);
        streams.add(stream);
      },
    },
    metrics: {
      record: ({ namespace, name, dimensions }) =>
        counted.push(`${namespace} ${name} ${dimensions.FunctionName}`),
    },
    environment: () => ({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
  });
}

/** Creates a function whose module has this source. */
async function define(source: string, properties: Record<string, unknown> = {}, name = 'probe') {
  writeFileSync(join(folder, `${name}.js`), source);
  await lambda.resources!['AWS::Lambda::Function']!(
    { Runtime: 'nodejs22.x', Handler: `${name}.handler`, Role: 'arn:role', Timeout: 30, ...properties },
    { logicalId: name, name, metadata: { 'aws:asset:path': '.' } },
  );
  return name;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-lambda-test-'));
  lines = [];
  streams = new Set();
  counted = [];
  start();
});
afterEach(async () => {
  await lambda.close!();
  rmSync(folder, { recursive: true });
});

test('a function receives its event and context and answers with JSON', async () => {
  const name = await define(`exports.handler = async (event, context) => ({
    twice: event.n * 2, gone: undefined, name: context.functionName,
    remaining: context.getRemainingTimeInMillis() > 0, id: context.awsRequestId.length,
  })`);
  expect(
    await lambda.invoke(`arn:aws:lambda:eu-west-1:000000000000:function:${name}:$LATEST`, { n: 21 }),
  ).toEqual({
    payload: { twice: 42, name: 'probe', remaining: true, id: 36 },
  });
});

test('a function that reaches a VPC and sleeps is refused as Lambda does, and shows its state', async () => {
  await lambda.close!();
  start(scaledClock(), true);
  const VpcConfig = { SubnetIds: ['subnet-1'] };
  const name = await define('exports.handler = async () => 1', { VpcConfig });
  const other = await define('exports.handler = async () => 1', {}, 'other');
  expect(await lambda.invoke(name, {})).toEqual({ payload: 1 });
  lambda.sleep();
  for (const state of ['Inactive', 'Pending']) {
    expect(
      lambda.operations.GetFunctionConfiguration!({ FunctionName: name }, { accessKeyId: 'test' }),
    ).toMatchObject({ State: state });
    await expect(lambda.invoke(name, {})).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    });
  }
  expect(await lambda.invoke(other, {})).toEqual({ payload: 1 });
});

test('invocations and those that ended in an error are counted by function', async () => {
  const name = await define('exports.handler = async (fails) => { if (fails) throw new Error("no"); }');
  await lambda.invoke(name, false);
  await lambda.invoke(name, true);
  expect(counted).toEqual([
    'AWS/Lambda Invocations probe',
    'AWS/Lambda Invocations probe',
    'AWS/Lambda Errors probe',
  ]);
});

test.each([
  [
    'takes too long',
    'exports.handler = () => new Promise(() => setInterval(() => {}, 1000))',
    { Timeout: 1 },
    /^\S+: \S+Z [0-9a-f-]{36} Task timed out after 1\.00 seconds$/,
  ],
  [
    'ends its process',
    'exports.handler = async () => process.exit(3)',
    {},
    /RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3 Runtime\.ExitError$/,
  ],
])('of a function that %s its log says so, and the error is counted', async (_, source, properties, says) => {
  const name = await define(source, properties);
  await lambda.invoke(name, {});
  expect(lines).toContainEqual(expect.stringMatching(says));
  expect(counted).toContain('AWS/Lambda Errors probe');
});

test('what was made of an answer that came in time counts as the function itself', async () => {
  const name = await define('exports.handler = async () => 1');
  lambda.ended(name, {
    errorType: 'Sandbox.Timedout',
    errorMessage: 'Error: Task timed out after 60.00 seconds',
  });
  expect(counted).toEqual(['AWS/Lambda Errors probe']);
  expect(lines).toEqual([expect.stringMatching(/Task timed out after 60\.00 seconds$/)]);
});

test('a function sees its own variables and nothing of the parent but PATH and TMPDIR', async () => {
  process.env.SECRET_OF_PARENT = 'x';
  const name = await define('exports.handler = async () => process.env', {
    Environment: { Variables: { TABLE: 'journal' } },
  });
  const { payload } = (await lambda.invoke(name, {})) as { payload: Record<string, string> };
  expect(payload).toMatchObject({
    TABLE: 'journal',
    AWS_ACCESS_KEY_ID: 'probe',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    _HANDLER: 'probe.handler',
  });
  const inherited = Object.keys(payload).filter((key) => !/^(AWS|LAMBDA)_|^_HANDLER$|^TABLE$/.test(key));
  expect(inherited.filter((key) => key !== 'PATH' && key !== 'TMPDIR')).toEqual([]);
  expect(lambda.callerOf('probe')).toEqual({ accessKeyId: 'probe', roleArn: 'arn:role' });
});

test('an environment stays warm for the next invocation, and concurrent invocations get their own', async () => {
  const name = await define(`let n = 0; exports.handler = async (ms) => {
    n += 1; await new Promise((resolve) => setTimeout(resolve, ms)); return n; }`);
  expect(await lambda.invoke(name, 0)).toEqual({ payload: 1 });
  expect(await lambda.invoke(name, 0)).toEqual({ payload: 2 });
  const both = await Promise.all([lambda.invoke(name, 50), lambda.invoke(name, 50)]);
  expect(both.map((one) => 'payload' in one && one.payload).sort()).toEqual([1, 3]);
});

test('an environment that nobody has needed for minutes is ended, and the one that is used stays warm', async () => {
  const name = await define(`let n = 0; exports.handler = async (ms) => {
    n += 1; await new Promise((resolve) => setTimeout(resolve, ms)); return n; }`);
  const both = async () =>
    (await Promise.all([lambda.invoke(name, 50), lambda.invoke(name, 50)])).map(
      (one) => 'payload' in one && one.payload,
    );
  expect(await both()).toEqual([1, 1]);
  const later = performance.now() + 6 * 60_000;
  const now = jest.spyOn(performance, 'now').mockReturnValue(later);
  try {
    expect(await lambda.invoke(name, 0)).toEqual({ payload: 2 });
    expect((await both()).sort()).toEqual([1, 3]);
  } finally {
    now.mockRestore();
  }
});

test('the young generation of an environment stays small, whatever it allocates', async () => {
  const name = await define(`const { getHeapSpaceStatistics } = require('node:v8');
    exports.handler = async () => {
      let kept = [];
      for (let n = 0; n < 3e5; n++) { kept.push({ n }); if (kept.length > 5e4) kept = []; }
      return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1e6; }`);
  const { payload } = (await lambda.invoke(name, {})) as { payload: number };
  expect(payload).toBeLessThan(5);
});

test('an environment that is seldom invoked and allocates little collects its garbage all the same', async () => {
  const name = await define(`let gone = 0; const registry = new FinalizationRegistry(() => { gone += 1; });
    exports.handler = async () => { registry.register({}); return gone; }`);
  let gone = 0;
  // what is collected is told of when the thread comes to it
  for (let n = 0; gone < 19 && n < 49; n++)
    gone = ((await lambda.invoke(name, {})) as { payload: number }).payload;
  expect(gone).toBeGreaterThanOrEqual(19);
});

test('a crowd of invocations waits for its turn, and all of it is served', async () => {
  const name = await define(`let n = 0; exports.handler = async (ms) => {
    n += 1; await new Promise((resolve) => setTimeout(resolve, ms)); return n; }`);
  const all = await Promise.all(Array.from({ length: 50 }, () => lambda.invoke(name, 1)));
  const served = all.map((one) => ('payload' in one ? Number(one.payload) : 0));
  // an environment counts its own invocations, so the ones are the environments
  expect(served.filter((count) => count === 1)).toHaveLength(16);
  expect(Math.min(...served)).toBe(1);
});

test('a crowd that a killed function leaves behind is served by new environments', async () => {
  const name = await define('exports.handler = async (dies) => { if (dies) process.exit(3); return 1; }');
  const all = await Promise.all(Array.from({ length: 40 }, (_, index) => lambda.invoke(name, index < 20)));
  expect(all.filter((one) => 'error' in one)).toHaveLength(20);
});

test('a thrown error carries its name, message and stack, and the environment lives on', async () => {
  const name = await define(`let n = 0; exports.handler = async () => {
    if (n++) return n; const e = new Error('not yet'); e.name = 'TransientFault'; throw e; }`);
  expect(await lambda.invoke(name, {})).toMatchObject({
    error: { errorType: 'TransientFault', errorMessage: 'not yet', stackTrace: expect.any(Array) },
  });
  expect(await lambda.invoke(name, {})).toEqual({ payload: 2 });
});

test.each([
  [
    'runs too long',
    'exports.handler = () => new Promise(() => setInterval(() => {}, 99))',
    'Sandbox.Timedout',
  ],
  ['exits', 'exports.handler = async () => process.exit(3)', 'Runtime.ExitError'],
  [
    'uses too much memory',
    'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); }',
    'Runtime.ExitError',
  ],
  [
    'throws in a timer',
    'exports.handler = () => new Promise(() => setTimeout(() => { null.x; }))',
    'TypeError',
  ],
  ['fails to load', 'throw new RangeError("bad"); exports.handler = 1', 'RangeError'],
  ['exports no handler', 'exports.other = 1', 'Runtime.HandlerNotFound'],
])('a function that %s ends the invocation and the next one starts anew', async (_how, source, errorType) => {
  const name = await define(source, errorType === 'Sandbox.Timedout' ? { Timeout: 1 } : {});
  const first = await lambda.invoke(name, {});
  expect(first).toMatchObject({ error: { errorType } });
  expect(await lambda.invoke(name, {})).toMatchObject({ error: { errorType } });
});

test('a function has the memory that it declares and no more', async () => {
  const source = `exports.handler = async () => {
    const all = [];
    for (let i = 0; i < 250; i++) all.push(new Array(131072).fill(i + 0.5)); // a mebibyte each
    return all.length; }`;
  expect(await lambda.invoke(await define(source, { MemorySize: 1024 }, 'large'), {})).toEqual({
    payload: 250,
  });
  expect(await lambda.invoke(await define(source, { MemorySize: 128 }, 'small'), {})).toMatchObject({
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
  });
});

test('an environment that crashes between two invocations is replaced', async () => {
  const name = await define(`let n = 0; exports.handler = async () => {
    process.on('exit', () => require('node:fs').writeFileSync(__dirname + '/gone', ''));
    setTimeout(() => process.exit(1)); return ++n; }`);
  expect(await lambda.invoke(name, {})).toEqual({ payload: 1 });
  while (!existsSync(join(folder, 'gone'))) await new Promise((resolve) => setTimeout(resolve, 5));
  let next = await lambda.invoke(name, {});
  // its end may become known here only during the invocation
  if ('error' in next) next = await lambda.invoke(name, {});
  expect(next).toEqual({ payload: 1 });
});

test('the message of a timeout is worded as by Lambda', async () => {
  const name = await define('exports.handler = () => new Promise(() => {})', { Timeout: 1 });
  expect(await lambda.invoke(name, {})).toEqual({
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 1\.00 seconds$/),
    },
  });
});

test('killing a function ends what it is doing', async () => {
  const name = await define('exports.handler = (event) => event ? new Promise(() => {}) : 1');
  await lambda.invoke(name, null);
  const running = lambda.invoke(name, true);
  await lambda.kill(name);
  expect(await running).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
});

test('what a function prints goes to its log group', async () => {
  const name = await define('exports.handler = async () => { console.log("one"); console.error("two"); }');
  await lambda.invoke(name, {});
  while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(lines.sort()).toEqual(['/aws/lambda/probe: one', '/aws/lambda/probe: two']);
});

test('the clock of a function is cloud time', async () => {
  const ahead: Clock = { ...scaledClock(), now: () => Date.parse('2031-05-06T00:00:00Z') };
  start(ahead);
  const name = await define(
    'exports.handler = async () => [new Date(), new Date(0), Date.now() > 0, Date()]',
  );
  const { payload } = (await lambda.invoke(name, {})) as { payload: string[] };
  expect(payload[0]).toMatch(/^2031-05-06T00:0/);
  expect(payload[1]).toBe('1970-01-01T00:00:00.000Z');
  expect(payload[3]).toContain('2031');
});

test('an unknown function and too many invocations are faults of the service', async () => {
  await expect(lambda.invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const name = await define('exports.handler = async () => 1', { ReservedConcurrentExecutions: 1 });
  const first = lambda.invoke(name, {});
  await expect(lambda.invoke(name, {})).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await first;
  expect(await lambda.invoke(name, {})).toEqual({ payload: 1 });
});

test('a caller that stops waiting is released while the function runs on', async () => {
  const name = await define(
    'exports.handler = async () => { await new Promise((r) => setTimeout(r, 80)); console.log("finished"); }',
  );
  const stop = new AbortController();
  const abandoned = lambda.invoke(name, {}, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(abandoned).rejects.toThrow('stopped');
  expect(lines).toEqual([]);
  while (lines.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('what cannot run is refused by name', async () => {
  await expect(define('', { Runtime: 'python3.12' })).rejects.toThrow('runtime python3.12 is not available');
  await expect(define('', { Layers: ['arn'] })).rejects.toThrow('layers are not supported');
});

/** Lines come a moment after the answer, by way of the worker's streams. */
async function printed(count: number): Promise<string[]> {
  while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
  return lines;
}

test('what leaves a handler is logged with all that is on it, as Lambda does', async () => {
  const name = await define(`exports.handler = async () => {
    throw Object.assign(new Error('duplicate key'), { name: 'error', detail: 'Key (id)=(7) exists' });
  }`);
  expect(await lambda.invoke(name, {})).toMatchObject({
    error: { errorType: 'error', errorMessage: 'duplicate key' },
  });
  const [line = ''] = await printed(1);
  expect(line).toMatch(
    /^\/aws\/lambda\/probe: \S+Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"error","errorMessage":"duplicate key"/,
  );
  expect(line).toContain('"detail":"Key (id)=(7) exists"');
});

test('a stream names its function where several may log into one group', async () => {
  const source = "exports.handler = async () => console.log('here')";
  await lambda.invoke(await define(source, {}, 'alone'), {});
  await lambda.invoke(await define(source, { LoggingConfig: { LogGroup: 'shared' } }, 'one'), {});
  await printed(2);
  expect([...streams].map((stream) => stream.replace(/[0-9a-f]{32}$/, ''))).toEqual([
    expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]$/),
    expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/one\[\$LATEST\]$/),
  ]);
  expect(lines).toEqual(['/aws/lambda/alone: here', 'shared: here']);
});
