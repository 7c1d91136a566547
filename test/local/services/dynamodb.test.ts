import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { Operations, Service } from '../../../local/service';
import { createDynamodb } from '../../../local/services/dynamodb';

let service: Service;
const caller = { accessKeyId: 'test' };
const context = { logicalId: 'Locks', name: 'stack-Locks', metadata: {} };
type Operation = keyof Operations<DynamoDB>;

const call = (operation: Operation, input: unknown) =>
  Promise.resolve(service.operations[operation]!(input, caller));
const item = (id: string, more: Record<string, unknown> = {}) => ({ id: { S: id }, ...more });
const put = (id: string, owner: string) => ({ TableName: 'locks', Item: item(id, { owner: { S: owner } }) });
const ownerOf = async (id: string) =>
  (await call('GetItem', { TableName: 'locks', Key: item(id), ConsistentRead: true })).Item?.owner?.S;

const create = (more: Record<string, unknown> = {}) =>
  service.resources!['AWS::DynamoDB::Table']!(
    {
      TableName: 'locks',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    },
    context,
  );

/** As the local cloud runs it. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-dynamodb-test-'));
  service = createDynamodb(folder);
});
afterEach(async () => {
  await service.close!();
  rmSync(folder, { recursive: true });
});

it('keeps its data in its folder, all of it when it is closed', async () => {
  await create();
  await call('PutItem', put('shop', 'one'));
  await service.close!();
  service = createDynamodb(folder);
  expect(await ownerOf('shop')).toBe('one');
});

describe('a table from a template', () => {
  it('is active when it is created, and its ARN is the local account’s', async () => {
    const table = await create();
    const { Table } = await call('DescribeTable', { TableName: 'locks' });
    expect(Table.TableStatus).toBe('ACTIVE');
    expect(Table.TableArn).toBe('arn:aws:dynamodb:eu-west-1:000000000000:table/locks');
    expect(table).toEqual({ ref: 'locks', attributes: { Arn: Table.TableArn, TableId: 'locks' } });
  });

  it('takes its physical name when the template gives none', async () => {
    expect((await create({ TableName: undefined })).ref).toBe('stack-Locks');
  });

  it('refuses streams by name', async () => {
    await expect(create({ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } })).rejects.toThrow(
      'table Locks has a StreamSpecification',
    );
  });

  it('keeps its time-to-live setting', async () => {
    await create({ TimeToLiveSpecification: { AttributeName: 'expires', Enabled: 'true' } });
    expect(await call('DescribeTimeToLive', { TableName: 'locks' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
    });
  });
});

describe('a conditional write', () => {
  beforeEach(() => create());

  it('lets exactly one of many concurrent takers win', async () => {
    const takers = Array.from({ length: 20 }, (_, n) =>
      call('PutItem', {
        ...put('deploy', `taker-${n}`),
        ConditionExpression: 'attribute_not_exists(id)',
      }).then(
        () => 'won',
        (error) => error.name,
      ),
    );
    const results = await Promise.all(takers);
    expect(results.filter((result) => result === 'won')).toHaveLength(1);
    expect(results.filter((result) => result === 'ConditionalCheckFailedException')).toHaveLength(19);
  });

  it('compares numbers as numbers', async () => {
    await call('PutItem', { TableName: 'locks', Item: item('a', { fence: { N: '10' } }) });
    const update = (fence: string) =>
      call('UpdateItem', {
        TableName: 'locks',
        Key: item('a'),
        UpdateExpression: 'SET fence = :f',
        ConditionExpression: 'fence < :f',
        ExpressionAttributeValues: { ':f': { N: fence } },
      });
    await expect(update('9')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await update('11');
  });

  it('hands back the item that failed the condition when it is asked to', async () => {
    await call('PutItem', put('deploy', 'first'));
    const second = { ...put('deploy', 'second'), ConditionExpression: 'attribute_not_exists(id)' };
    await expect(call('PutItem', second)).rejects.toMatchObject({ Item: undefined });
    await expect(
      call('PutItem', { ...second, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: item('deploy', { owner: { S: 'first' } }),
    });
  });

  it('fails as AWS does for a table that is not there', async () => {
    await expect(call('PutItem', { ...put('a', 'b'), TableName: 'nothing' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a transaction', () => {
  beforeEach(() => create());
  const absent = 'attribute_not_exists(id)';

  it('writes all of its items', async () => {
    await call('PutItem', put('old', 'x'));
    await call('TransactWriteItems', {
      TransactItems: [
        { Put: { ...put('a', 'me'), ConditionExpression: absent } },
        { Delete: { TableName: 'locks', Key: item('old') } },
        { ConditionCheck: { TableName: 'locks', Key: item('none'), ConditionExpression: absent } },
      ],
    });
    expect([await ownerOf('a'), await ownerOf('old')]).toEqual(['me', undefined]);
    expect((await call('Scan', { TableName: 'locks' })).Count).toBe(1);
  });

  it('writes nothing when one condition fails, and names the reason in its place', async () => {
    await call('PutItem', put('taken', 'other'));
    const transaction = call('TransactWriteItems', {
      TransactItems: [
        { Put: put('a', 'me') },
        {
          Put: {
            ...put('taken', 'me'),
            ConditionExpression: absent,
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        {
          Update: {
            TableName: 'locks',
            Key: item('c'),
            UpdateExpression: 'SET n = :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
      ],
    });
    await expect(transaction).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: item('taken', { owner: { S: 'other' } }) },
        { Code: 'None' },
      ],
    });
    expect([await ownerOf('a'), await ownerOf('taken')]).toEqual([undefined, 'other']);
    expect((await call('Scan', { TableName: 'locks' })).Count).toBe(1);
  });

  it('is never seen half done', async () => {
    await call('PutItem', put('a', '0'));
    await call('PutItem', put('b', '0'));
    const writers = Array.from({ length: 10 }, (_, n) =>
      call('TransactWriteItems', { TransactItems: [{ Put: put('a', `${n}`) }, { Put: put('b', `${n}`) }] }),
    );
    const readers = Array.from({ length: 20 }, async () => {
      const { Items } = await call('Scan', { TableName: 'locks', ConsistentRead: true });
      return new Set(Items.map(({ owner }: { owner: { S: string } }) => owner.S)).size;
    });
    await Promise.all(writers);
    expect(new Set(await Promise.all(readers))).toEqual(new Set([1]));
  });

  it('is applied once for one client token, and refused for other parameters', async () => {
    const once = {
      TransactItems: [{ Put: { ...put('a', 'me'), ConditionExpression: absent } }],
      ClientRequestToken: 'token',
    };
    await call('TransactWriteItems', once);
    await call('TransactWriteItems', once);
    await expect(
      call('TransactWriteItems', { ...once, TransactItems: [{ Put: put('b', 'me') }] }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });
});
