import { DBInstanceNotFoundFault } from '@aws-sdk/client-rds';
import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { lagging } from '../../../local/consistency';
import type { Ask, Kind, Shape } from '../../../local/consistency/kind';
import { listed, seen } from '../../../local/consistency/kind';
import { createDynamodb } from '../../../local/services/dynamodb';
import { endpointWith, send } from '../endpoint/fixture';
import { manualClock } from '../manual-clock';

const things = listed('things', ({ id }: Shape) => id, { concerns: () => true });
const kind: Kind = {
  ...{ service: 'shelf', lagMs: 1000 },
  reads: { Look: things },
  writes: {
    Put: { made: ({ id }) => [id] },
    Change: { before: seen('Look', things, () => ({})) },
    Take: { before: seen('Look', things, () => ({})) },
  },
};

/** A shelf, and how one looks at it. */
function shelf(seed = 1) {
  const clock = manualClock();
  const held = new Map<string, number>();
  const ask: Ask = async (operation, { id, value }: Shape) => {
    if (operation === 'Look') return { things: [...held].map(([id, value]) => ({ id, value })) };
    if (operation === 'Take') held.delete(id);
    else held.set(id, value);
    return { id };
  };
  const consistency = lagging({ seed }, clock, [kind]);
  const call = (operation: string, input: Shape = {}) => consistency.answer('shelf', operation, input, ask);
  const look = async () => JSON.stringify((await call('Look')).things);
  return { clock, call, look };
}

const NOTHING = '[]';
const ONE = '[{"id":"a","value":1}]';
const TWO = '[{"id":"a","value":2}]';

it.each([
  ['what was made is not there yet', [], ['Put', { id: 'a', value: 1 }], NOTHING, ONE],
  [
    'what was changed is as it was',
    [['Put', { id: 'a', value: 1 }]],
    ['Change', { id: 'a', value: 2 }],
    ONE,
    TWO,
  ],
  [
    'what was taken away is still there',
    [['Put', { id: 'a', value: 1 }]],
    ['Take', { id: 'a' }],
    ONE,
    NOTHING,
  ],
] as const)(
  '%s at the first look, and no look is behind when the lag is over',
  async (_, first, then, before, after) => {
    const { clock, call, look } = shelf();
    for (const [operation, input] of first) await call(operation, input);
    clock.advance(1000);
    expect(await look()).toBe(first.length > 0 ? before : NOTHING);
    await call(then[0], then[1]);
    expect(await look()).toBe(before);
    clock.advance(999);
    const within = await Promise.all(Array.from({ length: 20 }, look));
    // copies differ: some looks meet one that knows, some one that does not
    expect(new Set(within)).toEqual(new Set([before, after]));
    clock.advance(1);
    expect(await Promise.all(Array.from({ length: 20 }, look))).toEqual(Array(20).fill(after));
  },
);

const looksOf = async (seed: number) => {
  const { call, look } = shelf(seed);
  await call('Put', { id: 'a', value: 1 });
  const looks: string[] = [];
  for (let n = 0; n < 20; n++) looks.push(await look());
  return looks;
};

it('the same seed has the same looks be behind, another one others', async () => {
  expect(await looksOf(7)).toEqual(await looksOf(7));
  expect(await looksOf(7)).not.toEqual(await looksOf(8));
});

it('of two changes in a row a look that is behind shows what was before both', async () => {
  const { clock, call, look } = shelf();
  await call('Put', { id: 'a', value: 1 });
  clock.advance(1000);
  await call('Change', { id: 'a', value: 2 });
  clock.advance(500);
  await call('Change', { id: 'a', value: 3 });
  expect(await look()).toBe(ONE);
  clock.advance(500);
  expect(await look()).toBe(TWO);
});

it('a call that is repeated does not hide what was there', async () => {
  const { clock, call, look } = shelf();
  await call('Put', { id: 'a', value: 1 });
  clock.advance(1000);
  await call('Put', { id: 'a', value: 1 });
  expect(await look()).toBe(ONE);
});

it('what a write is refused for changes no look', async () => {
  const { look, call } = shelf();
  await expect(
    lagging({ seed: 1 }, manualClock(), [kind]).answer('shelf', 'Put', {}, async () => {
      throw new Error('refused');
    }),
  ).rejects.toThrow('refused');
  await call('Look');
  expect(await look()).toBe(NOTHING);
});

describe('as AWS says that something is not there', () => {
  const answers: Record<string, Shape> = {
    RunTask: { tasks: [{ taskArn: 'arn:task' }], failures: [] },
    DescribeTasks: { tasks: [{ taskArn: 'arn:task' }], failures: [] },
    ListTasks: { taskArns: ['arn:task', 'arn:other'] },
    CreateService: { service: { serviceArn: 'arn:service' } },
    DescribeServices: { services: [{ serviceArn: 'arn:service' }], failures: [] },
    RestoreDBInstanceFromDBSnapshot: { DBInstance: { DbiResourceId: 'db-1' } },
    DescribeDBInstances: { DBInstances: [{ DbiResourceId: 'db-1', DBInstanceIdentifier: 'restored' }] },
    CreateDBSnapshot: { DBSnapshot: { DBSnapshotIdentifier: 'kept' } },
    DescribeDBSnapshots: { DBSnapshots: [{ DBSnapshotIdentifier: 'kept' }] },
    StartExecution: { executionArn: 'arn:execution' },
    DescribeExecution: { executionArn: 'arn:execution', status: 'RUNNING' },
  };
  const ask: Ask = async (operation) => answers[operation];

  it.each<[write: string, service: string, read: string, input: object, answer: object]>([
    [
      'RunTask',
      'ecs',
      'DescribeTasks',
      {},
      { tasks: [], failures: [{ arn: 'arn:task', reason: 'MISSING' }] },
    ],
    ['RunTask', 'ecs', 'ListTasks', {}, { taskArns: ['arn:other'] }],
    [
      'CreateService',
      'ecs',
      'DescribeServices',
      {},
      { services: [], failures: [{ arn: 'arn:service', reason: 'MISSING' }] },
    ],
    ['RestoreDBInstanceFromDBSnapshot', 'rds', 'DescribeDBInstances', {}, { DBInstances: [] }],
    ['CreateDBSnapshot', 'rds', 'DescribeDBSnapshots', {}, { DBSnapshots: [] }],
  ])('after %s of %s, %s(%j) answers %j', async (write, service, read, input, answer) => {
    const consistency = lagging({ seed: 1 }, manualClock());
    await consistency.answer(service, write, {}, ask);
    expect(await consistency.answer(service, read, input, ask)).toEqual(answer);
  });

  it.each<
    [write: string, service: string, read: string, input: object, error: new (...args: never[]) => Error]
  >([
    [
      'RestoreDBInstanceFromDBSnapshot',
      'rds',
      'DescribeDBInstances',
      { DBInstanceIdentifier: 'restored' },
      DBInstanceNotFoundFault,
    ],
    [
      'StartExecution',
      'states',
      'DescribeExecution',
      { executionArn: 'arn:execution' },
      ExecutionDoesNotExist,
    ],
  ])('after %s of %s, %s(%j) is refused', async (write, service, read, input, error) => {
    const consistency = lagging({ seed: 1 }, manualClock());
    await consistency.answer(service, write, {}, ask);
    await expect(consistency.answer(service, read, input, ask)).rejects.toBeInstanceOf(error);
  });
});

it('a client of the endpoint that has just run a task is told that there is none', async () => {
  const task = { taskArn: 'arn:aws:ecs:eu-west-1:000000000000:task/shop/1', lastStatus: 'RUNNING' };
  const answer = async () => ({ tasks: [task], failures: [] });
  const clock = manualClock();
  const { endpoint } = await endpointWith(
    { ecs: { RunTask: answer, DescribeTasks: answer } },
    { clock, consistency: lagging({ seed: 1 }, clock) },
  );
  const run = () => send(endpoint.url, ['ecs', 'RunTask'], { taskDefinition: 'shop' });
  const look = () => send(endpoint.url, ['ecs', 'DescribeTasks'], { tasks: [task.taskArn] });
  expect(await run()).toMatchObject({ tasks: [task] });
  expect(await look()).toMatchObject({ tasks: [], failures: [{ arn: task.taskArn, reason: 'MISSING' }] });
  clock.advance(3000);
  expect(await look()).toMatchObject({ tasks: [task], failures: [] });
  // with the token of before it is the task of before
  await run();
  expect(await look()).toMatchObject({ tasks: [task], failures: [] });
});

it('DynamoDB shows an item late, and at once to a consistent read', async () => {
  const service = createDynamodb();
  const clock = manualClock();
  const consistency = lagging({ seed: 1 }, clock);
  const ask: Ask = (operation, input) =>
    Promise.resolve(service.operations[operation]!(input, { accessKeyId: 'test' }));
  const call = (operation: string, input: object) =>
    consistency.answer('dynamodb', operation, { TableName: 'rows', ...input }, ask);
  try {
    const Key = { id: { S: 'one' } };
    await call('CreateTable', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await call('PutItem', { Item: { ...Key, by: { S: 'a' } } });
    expect((await call('Scan', {})).Items).toEqual([]);
    expect((await call('GetItem', { Key, ConsistentRead: true })).Item?.by).toEqual({ S: 'a' });
    clock.advance(1000);
    expect((await call('GetItem', { Key })).Item?.by).toEqual({ S: 'a' });
    await call('DeleteItem', { Key });
    expect((await call('GetItem', { Key })).Item?.by).toEqual({ S: 'a' });
    clock.advance(1000);
    expect((await call('GetItem', { Key })).Item).toBeUndefined();
  } finally {
    await service.close!();
  }
});
