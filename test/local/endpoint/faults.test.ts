import { SnapshotQuotaExceededFault } from '@aws-sdk/client-rds';
import { createFaults, type Fault, parseFault } from '../../../local/endpoint';
import { createSnapshot, endpointWith, refusal, send, snapshotInput } from './fixture';

/** A service that only counts what really happens. */
function counting() {
  const done: string[] = [];
  const rds = {
    CreateDBSnapshot: (input: { DBSnapshotIdentifier: string }) => {
      done.push(input.DBSnapshotIdentifier);
      return { DBSnapshot: { Status: 'creating', ...input } };
    },
  };
  return { done, handlers: { rds } };
}

const on = (kind: object) => ({ operation: 'rds:CreateDBSnapshot', ...kind }) as Fault;

test('a fault before has no effect and is the modelled error, as often as it says', async () => {
  const { done, handlers } = counting();
  const initial = [on({ kind: 'before', error: 'SnapshotQuotaExceededFault', message: 'full', times: 2 })];
  const { endpoint, faults } = await endpointWith(handlers, { initial });
  for (const left of [1, undefined]) {
    const call = send(endpoint.url, createSnapshot, snapshotInput);
    await expect(call).rejects.toThrow(SnapshotQuotaExceededFault);
    expect(faults.list()[0]?.times).toBe(left);
  }
  await send(endpoint.url, createSnapshot, snapshotInput);
  expect(done).toEqual(['before']);
});

test('a fault after takes effect although the caller is told otherwise', async () => {
  const { done, handlers } = counting();
  const { endpoint } = await endpointWith(handlers, { initial: [on({ kind: 'after' })] });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'InternalFailure',
    status: 500,
  });
  expect(done).toEqual(['before']);
});

test('throttling and denial are answered as AWS does', async () => {
  const { done, handlers } = counting();
  const initial = [on({ kind: 'throttle', times: 1 }), on({ kind: 'deny', times: 1 })];
  const { endpoint } = await endpointWith(handlers, { initial });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'Throttling',
    message: 'Rate exceeded',
    status: 400,
  });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'AccessDenied',
    status: 403,
  });
  expect(done).toEqual([]);
});

test('clients retry a throttled call by themselves', async () => {
  const { done, handlers } = counting();
  const { endpoint } = await endpointWith(handlers, { initial: [on({ kind: 'throttle', times: 1 })] });
  await send(endpoint.url, createSnapshot, snapshotInput, { maxAttempts: 3 });
  expect(done).toEqual(['before']);
});

test('CloudWatch answers to the name people know it by', async () => {
  const initial: Fault[] = [{ operation: 'cloudwatch:ListMetrics', kind: 'deny' }];
  const { endpoint } = await endpointWith({ monitoring: { ListMetrics: () => ({}) } }, { initial });
  expect(await refusal(send(endpoint.url, ['monitoring', 'ListMetrics'], {}))).toMatchObject({
    message: expect.stringContaining('not authorized to perform: cloudwatch:ListMetrics'),
  });
});

test('a slow call waits by the clock of the cloud, and closing does not wait for it', async () => {
  const { done, handlers } = counting();
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    deadline: async () => {},
    sleep: (ms: number, signal?: AbortSignal) => {
      slept.push(ms);
      return ms === 5000
        ? Promise.resolve()
        : new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const { endpoint, faults } = await endpointWith(handlers, {
    clock,
    initial: [on({ kind: 'slow', delayMs: 5000, times: 1 })],
  });
  await send(endpoint.url, createSnapshot, snapshotInput);
  expect([slept, done]).toEqual([[5000], ['before']]);
  faults.add(on({ kind: 'slow', delayMs: 1e9 }));
  const pending = refusal(send(endpoint.url, createSnapshot, snapshotInput));
  while (slept.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await endpoint.close();
  await pending;
  expect(done).toEqual(['before']);
});

test('an override changes the answer, also in every element of a list', async () => {
  const ecs = {
    DescribeTasks: () => ({
      tasks: [{ lastStatus: 'STOPPED', containers: [{ name: 'app', exitCode: 0 }] }],
      failures: [],
    }),
  };
  const patch = { tasks: { stopCode: 'TaskFailedToStart', containers: { exitCode: null } } };
  const initial: Fault[] = [{ operation: 'ecs:*', kind: 'override', patch }];
  const { endpoint } = await endpointWith({ ecs }, { initial });
  const { tasks } = await send(endpoint.url, ['ecs', 'DescribeTasks'], { tasks: ['t'] });
  expect(tasks).toEqual([
    { lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', containers: [{ name: 'app' }] },
  ]);
});

test('a fault for one caller spares the others', async () => {
  const { handlers } = counting();
  const callerOf = (accessKeyId: string) => ({
    accessKeyId: `fn-${accessKeyId}`,
    roleArn: 'arn:aws:iam::0:role/CheckGreenRole',
  });
  const { endpoint, faults } = await endpointWith(handlers, { callerOf });
  faults.add(on({ kind: 'throttle', role: 'CheckBlue' }));
  await send(endpoint.url, createSnapshot, snapshotInput);
  faults.add(on({ kind: 'throttle', role: 'CheckGreen' }));
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'Throttling',
  });
  faults.clear();
  faults.add(on({ kind: 'throttle', role: 'fn-tester' }));
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'Throttling',
  });
});

test.each<[string, object]>([
  [
    'rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2',
    { kind: 'before', error: 'SnapshotQuotaExceededFault', times: 2 },
  ],
  ['rds:CreateDBSnapshot=after', { kind: 'after' }],
  ['rds:CreateDBSnapshot=slow:2000@CheckGreen', { kind: 'slow', delayMs: 2000, role: 'CheckGreen' }],
  ['rds:CreateDBSnapshot=throttle*3@Take-Snapshot', { kind: 'throttle', times: 3, role: 'Take-Snapshot' }],
  ['rds:CreateDBSnapshot=deny', { kind: 'deny' }],
  [
    'rds:CreateDBSnapshot=override:{"a":"x*2","b":{"c":null}}*1',
    { kind: 'override', patch: { a: 'x*2', b: { c: null } }, times: 1 },
  ],
])('the flag %s is read', (flag, expected) => {
  expect(parseFault(flag)).toEqual(on(expected));
});

test.each([
  ['nonsense', 'not understood'],
  ['rds:CreateDBSnapshot=explode', 'kind'],
  ['CreateDBSnapshot=deny', 'expected <service>:<Operation>'],
  ['rds:CreateDBSnapshot=slow', 'slow needs milliseconds'],
  ['rds:CreateDBSnapshot=slow:soon', 'delayMs'],
  ['rds:CreateDBSnapshot=deny:me', 'deny takes no argument'],
  ['rds:CreateDBSnapshot=override:{', 'the argument of override is not JSON'],
  ['rds:CreateDBSnapshot=deny*0', 'times'],
])('the flag %s is refused with what is wrong and an example', (flag, problem) => {
  expect(() => parseFault(flag)).toThrow(problem);
  expect(() => parseFault(flag)).toThrow('write <service>:<Operation>=<kind>');
});

test.each([
  [{ operation: 'rds:CreateSnapshot', kind: 'deny' }, 'rds has no operation CreateSnapshot'],
  [{ operation: 'kms:Decrypt', kind: 'deny' }, 'there is no service kms here; use one of rds'],
  [
    { operation: 'rds:CreateDBSnapshot', kind: 'before', error: 'DBSnapshotQuotaExceededFault' },
    'rds has no error DBSnapshotQuotaExceededFault; did you mean SnapshotQuotaExceededFault',
  ],
] as [Fault, string][])('a fault that can never happen is refused: %j', async (fault, problem) => {
  const { handlers } = counting();
  const { faults } = await endpointWith(handlers);
  expect(() => faults.add(fault)).toThrow(problem);
  await expect(endpointWith(handlers, { initial: [fault], faults: createFaults([fault]) })).rejects.toThrow(
    problem,
  );
});

test('query codes and common errors name faults as well as shape names do', async () => {
  const { handlers } = counting();
  const { endpoint, faults } = await endpointWith(handlers);
  faults.add(on({ kind: 'before', error: 'SnapshotQuotaExceeded', times: 1 }));
  await expect(send(endpoint.url, createSnapshot, snapshotInput)).rejects.toThrow(SnapshotQuotaExceededFault);
  faults.add(on({ kind: 'before', error: 'ServiceUnavailable', times: 1 }));
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'ServiceUnavailable',
    status: 503,
  });
});

test('another process lists, adds and clears faults over HTTP', async () => {
  const { handlers } = counting();
  const { endpoint, faults } = await endpointWith(handlers);
  const url = `${endpoint.url}/_local/faults`;
  const post = (body: string, headers = {}) => fetch(url, { method: 'POST', body, headers });
  const added = await post(JSON.stringify(['rds:*=throttle*2', on({ kind: 'deny' })]));
  const expected = [{ operation: 'rds:*', kind: 'throttle', times: 2 }, on({ kind: 'deny' })];
  expect([added.status, await added.json()]).toEqual([200, expected]);
  expect(await (await fetch(url)).json()).toEqual(expected);
  await fetch(url, { method: 'DELETE' });
  expect(faults.list()).toEqual([]);
});

test('the control interface says what is wrong and is closed to web pages', async () => {
  const { handlers } = counting();
  const { endpoint, faults } = await endpointWith(handlers);
  const url = `${endpoint.url}/_local/faults`;
  for (const body of ['{', '"rds:Nope=deny"', '{"operation":"rds:CreateDBSnapshot","kind":"slow"}', '5']) {
    const response = await fetch(url, { method: 'POST', body });
    expect([body, response.status]).toEqual([body, 400]);
    expect(await response.json()).toEqual({ message: expect.any(String) });
  }
  const foreign = await fetch(url, {
    method: 'POST',
    body: '"rds:*=deny"',
    headers: { origin: 'https://example.org' },
  });
  expect([foreign.status, faults.list()]).toEqual([403, []]);
});

test('a caller is killed before its call takes effect', async () => {
  const { done, handlers } = counting();
  const killed: string[] = [];
  const { endpoint } = await endpointWith(handlers, {
    initial: [on({ kind: 'kill', times: 1 })],
    kill: async ({ accessKeyId }) => void killed.push(accessKeyId),
  });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({ status: 500 });
  expect(killed).toHaveLength(1);
  expect(done).toEqual([]);
});

test('entries of a call that succeeds can fail, all or one of them, and do not happen', async () => {
  const put: string[] = [];
  const PutEvents = ({ Entries }: { Entries: { Source: string }[] }) => {
    put.push(...Entries.map(({ Source }) => Source));
    return { Entries: Entries.map(({ Source }) => ({ EventId: Source })), FailedEntryCount: 0 };
  };
  const operation = 'events:PutEvents';
  const initial: Fault[] = [
    { operation, kind: 'entries', error: 'ThrottlingException', entry: 2, times: 1 },
    { operation, kind: 'entries', times: 1 },
  ];
  const { endpoint } = await endpointWith({ events: { PutEvents } }, { initial: initial.slice(0, 1) });
  const input = { Entries: ['a', 'b', 'c'].map((Source) => ({ Source, DetailType: 't', Detail: '{}' })) };
  const answer = await send(endpoint.url, ['events', 'PutEvents'], input);
  expect(answer).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ EventId: 'a' }, { ErrorCode: 'ThrottlingException' }, { EventId: 'c' }],
  });
  expect(put).toEqual(['a', 'c']);
  const other = await endpointWith({ events: { PutEvents } }, { initial: initial.slice(1) });
  expect(await send(other.endpoint.url, ['events', 'PutEvents'], input)).toMatchObject({
    FailedEntryCount: 3,
  });
  expect(put).toEqual(['a', 'c']);
  const elsewhere = { operation: 'ecs:RunTask', kind: 'entries' } as const;
  await expect(endpointWith({ ecs: {} }, { initial: [elsewhere] })).rejects.toThrow();
  expect(parseFault('events:PutEvents=entries:InternalFailure*2')).toEqual({
    operation,
    kind: 'entries',
    error: 'InternalFailure',
    times: 2,
  });
});
