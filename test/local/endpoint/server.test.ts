import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { RDSServiceException } from '@aws-sdk/client-rds';
import { denial } from '../../../local/iam';
import { createSnapshot, endpointWith, refusal, send, snapshotInput } from './fixture';
import { randomFrom } from './random';

const snapshots = {
  rds: { CreateDBSnapshot: (input: object) => ({ DBSnapshot: { ...input, Status: 'creating' } }) },
};
const authorization =
  'AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/SERVICE/aws4_request, SignedHeaders=host, Signature=0';

function post(
  url: string,
  service: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const signed = { authorization: authorization.replace('SERVICE', service), ...headers };
  return fetch(url, { method: 'POST', body: body, headers: signed });
}

test('a call reaches its operation with the caller that the access key id stands for', async () => {
  const seen: unknown[] = [];
  const operations = {
    RunTask: (input: object, caller: object) => {
      seen.push(input, caller);
      return { tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] };
    },
  };
  const callerOf = (accessKeyId: string) => ({ accessKeyId, roleArn: `arn:role/${accessKeyId}` });
  const { endpoint } = await endpointWith({ ecs: operations }, { callerOf });
  const output = await send(endpoint.url, ['ecs', 'RunTask'], { taskDefinition: 'app:1' });
  expect(output.failures).toEqual([{ reason: 'RESOURCE:MEMORY' }]);
  expect(seen).toEqual([
    expect.objectContaining({ taskDefinition: 'app:1' }),
    { accessKeyId: 'tester', roleArn: 'arn:role/tester' },
  ]);
});

test('calls are counted by operation, failed ones too, and by who makes them', async () => {
  const { endpoint } = await endpointWith(snapshots);
  await send(endpoint.url, createSnapshot, snapshotInput);
  await refusal(send(endpoint.url, createSnapshot, {}));
  expect([...endpoint.calls()]).toEqual([['rds:CreateDBSnapshot', 2]]);
  expect([...endpoint.calls('test')]).toEqual([['rds:CreateDBSnapshot', 2]]);
  expect([...endpoint.calls('nobody')]).toEqual([]);
});

test('an operation that the service lacks is answered with 501 NotImplemented by name and never retried', async () => {
  const { endpoint } = await endpointWith({ ...snapshots, ecs: { RunTask: () => ({}) } });
  const retrying = { maxAttempts: 4 };
  expect(await refusal(send(endpoint.url, ['rds', 'DescribeDBInstances'], {}, retrying))).toEqual({
    name: 'NotImplemented',
    message: 'rds:DescribeDBInstances is not implemented by the local cloud',
    status: 501,
    attempts: 1,
  });
  const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.Nonsense' };
  const unknown = await post(endpoint.url, 'ecs', '{}', target);
  expect([unknown.status, await unknown.json()]).toEqual([
    501,
    { __type: 'NotImplemented', message: 'ecs:Nonsense is not implemented by the local cloud' },
  ]);
});

test('a service that is not there is answered with NotImplemented by name', async () => {
  const { endpoint } = await endpointWith(snapshots);
  const error = await refusal(send(endpoint.url, ['ssm', 'GetParameter'], { Name: 'x' }));
  expect(error).toMatchObject({
    name: 'NotImplemented',
    status: 501,
    message: expect.stringContaining('ssm:GetP'),
  });
});

test('missing required members are named, at any depth, and the operation is not called', async () => {
  const called = jest.fn(() => ({}));
  const { endpoint } = await endpointWith({
    rds: { CreateDBSnapshot: called },
    dynamodb: { TransactWriteItems: called },
  });
  expect(await refusal(send(endpoint.url, createSnapshot, { DBInstanceIdentifier: 'shop' }))).toMatchObject({
    name: 'ValidationError',
    status: 400,
    message:
      "1 validation error detected: Value null at 'dBSnapshotIdentifier' failed to satisfy constraint: Member must not be null",
  });
  const items = { TransactItems: [{ Put: { Item: {} } }] };
  expect(await refusal(send(endpoint.url, ['dynamodb', 'TransactWriteItems'], items))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("'transactItems.1.member.put.tableName'"),
  });
  expect(called).not.toHaveBeenCalled();
});

test('values of the wrong type are refused', async () => {
  const { endpoint } = await endpointWith({
    ecs: { RunTask: () => ({}) },
    rds: { DescribeDBInstances: () => ({}) },
  });
  const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask' };
  for (const body of ['{"taskDefinition":5}', '{"taskDefinition":"a","tags":{}}', '"x"', '{', '{"a"']) {
    const response = await post(endpoint.url, 'ecs', body, target);
    expect([body, response.status]).toEqual([body, 400]);
    expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
  }
  for (const body of ['[]', 'null', '']) {
    expect([body, (await post(endpoint.url, 'ecs', body, target)).status]).toEqual([body, 400]);
  }
  const number = await post(endpoint.url, 'rds', 'Action=DescribeDBInstances&MaxRecords=many');
  expect(await number.text()).toContain('<Code>MalformedInput</Code>');
});

test('random bytes are answered and leave the endpoint alive', async () => {
  const { endpoint } = await endpointWith({
    ...snapshots,
    ecs: { RunTask: () => ({}) },
    monitoring: { PutMetricData: () => ({}) },
  });
  const random = randomFrom(7);
  const heads: Record<string, string>[] = [
    { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask' },
    { 'x-amz-target': 'nonsense' },
    { 'content-encoding': 'gzip' },
    {},
  ];
  for (let i = 0; i < 200; i++) {
    const bytes = Buffer.from(
      Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)),
    );
    const body =
      random() < 0.3 ? Buffer.concat([Buffer.from('Action=CreateDBSnapshot&Tags.'), bytes]) : bytes;
    const path = random() < 0.3 ? '/service/GraniteServiceVersion20100801/operation/PutMetricData' : '/';
    const response = await post(`${endpoint.url}${path}`, 'rds', body, heads[i % heads.length]);
    expect(response.status).toBeGreaterThanOrEqual(400);
    await response.arrayBuffer();
  }
  expect(await send(endpoint.url, createSnapshot, snapshotInput)).toMatchObject({
    DBSnapshot: { Status: 'creating' },
  });
});

test('compressed bodies are read, and larger ones than AWS takes are refused with an answer', async () => {
  const { endpoint } = await endpointWith(snapshots);
  const form =
    'Action=CreateDBSnapshot&Version=2014-10-31&DBInstanceIdentifier=shop&DBSnapshotIdentifier=before';
  const zipped = await post(endpoint.url, 'rds', gzipSync(form), { 'content-encoding': 'gzip' });
  expect(await zipped.text()).toContain('<DBSnapshotIdentifier>before</DBSnapshotIdentifier>');
  const huge = await post(endpoint.url, 'rds', Buffer.alloc(9 * 1024 * 1024, 'a'));
  expect([huge.status, await huge.text()]).toEqual([413, expect.stringContaining('RequestEntityTooLarge')]);
  const bomb = await post(endpoint.url, 'rds', gzipSync(Buffer.alloc(9 * 1024 * 1024)), {
    'content-encoding': 'gzip',
  });
  expect(bomb.status).toBe(400);
});

test('an unsigned request is refused as AWS refuses it', async () => {
  const { endpoint } = await endpointWith(snapshots);
  const response = await fetch(endpoint.url, { method: 'POST', body: 'Action=CreateDBSnapshot' });
  expect([response.status, await response.text()]).toEqual([
    403,
    expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
  ]);
});

test('an access denial is 403 AccessDenied in the query protocol and 400 AccessDeniedException in JSON', async () => {
  const authorise = (service: string, operation: string) => {
    throw denial(
      { accessKeyId: 'CheckGreen', roleArn: 'arn:aws:iam::000000000000:role/green' },
      `${service}:${operation}`,
      '*',
    );
  };
  const { endpoint } = await endpointWith({ ...snapshots, ecs: { RunTask: () => ({}) } }, { authorise });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'AccessDenied',
    status: 403,
    message:
      'User: arn:aws:sts::000000000000:assumed-role/green/CheckGreen is not authorized to perform: rds:CreateDBSnapshot on resource: * because no identity-based policy allows the rds:CreateDBSnapshot action',
  });
  expect(await refusal(send(endpoint.url, ['ecs', 'RunTask'], { taskDefinition: 'a' }))).toMatchObject({
    name: 'AccessDeniedException',
    status: 400,
  });
});

test('errors that no model lists keep their name, and bugs are internal failures that say what broke', async () => {
  const operations = {
    CreateDBSnapshot: () => {
      throw new RDSServiceException({
        name: 'OptInRequired',
        $fault: 'client',
        message: 'no',
        $metadata: {},
      });
    },
    DeleteDBSnapshot: () => {
      throw new TypeError('x is undefined');
    },
  };
  const { endpoint } = await endpointWith({ rds: operations });
  expect(await refusal(send(endpoint.url, createSnapshot, snapshotInput))).toMatchObject({
    name: 'OptInRequired',
    status: 400,
  });
  const deletion = send(endpoint.url, ['rds', 'DeleteDBSnapshot'], { DBSnapshotIdentifier: 'a' });
  expect(await refusal(deletion)).toMatchObject({
    name: 'InternalFailure',
    status: 500,
    message: 'TypeError: x is undefined',
  });
});

test('requests that are no AWS call can be taken by others', async () => {
  const { endpoint } = await endpointWith(snapshots, {
    extra(request, response) {
      if (request.url !== '/elsewhere') return false;
      response.end('taken');
      return true;
    },
  });
  expect(await (await fetch(`${endpoint.url}/elsewhere`)).text()).toBe('taken');
});

test('it listens on the loopback interface only', async () => {
  const { endpoint } = await endpointWith(snapshots);
  expect(endpoint.url).toBe(`http://127.0.0.1:${endpoint.port}`);
  const reachable = await new Promise((resolve) => {
    request({ host: '127.0.0.2', port: endpoint.port }, () => resolve(true))
      .on('error', () => resolve(false))
      .end();
  });
  expect(reachable).toBe(false);
});

test('closing ends connections that clients keep open', async () => {
  const { endpoint } = await endpointWith(snapshots);
  await send(endpoint.url, createSnapshot, snapshotInput);
  await fetch(endpoint.url).then((response) => response.arrayBuffer());
  await endpoint.close();
  await expect(fetch(endpoint.url)).rejects.toThrow();
});
