import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lambda as Client } from '@aws-sdk/client-lambda';
import { scaledClock } from '../../../../local/clock';
import { createLambda, type Lambda } from '../../../../local/services/lambda';
import { endpointWith } from '../../endpoint/fixture';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:check';

let folder: string;
let lambda: Lambda;
let client: Client;
const streams = new Set<string>();

const code = (name: string, source: string) => {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'index.js'), source);
};
const says = (what: string) =>
  `exports.handler = async (event, context) => {
    console.log('asked');
    const { MODE: mode, AWS_LAMBDA_FUNCTION_VERSION: version, AWS_ACCESS_KEY_ID: key } = process.env;
    if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
    return { says: '${what}', mode, version, key, named: context.functionVersion, arn: context.invokedFunctionArn };
  }`;
const properties = (change: object = {}) => ({
  Runtime: 'nodejs22.x',
  Role: 'arn:role:one',
  Timeout: 30,
  ...change,
});
const contextOf = (folderName: string) => ({
  ...{ logicalId: 'Check', name: 'check', metadata: { 'aws:asset:path': folderName } },
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-versions-test-'));
  streams.clear();
  code('old', says('old'));
  code('new', says('new'));
  lambda = createLambda({
    clock: scaledClock(),
    assembly: folder,
    logs: { write: (_group, stream) => streams.add(stream) },
    environment: () => ({}),
  });
  await lambda.resources!['AWS::Lambda::Function']!(properties(), contextOf('old'));
  const { endpoint } = await endpointWith({ lambda: lambda.operations });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new Client({ region: 'eu-west-1', endpoint: endpoint.url, credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await lambda.close!();
  rmSync(folder, { recursive: true });
});

const publish = () =>
  lambda.resources!['AWS::Lambda::Version']!({ FunctionName: 'check' }, contextOf('none')) as { ref: string };
const change = (folderName: string, after: object) =>
  lambda.updates!['AWS::Lambda::Function']!(properties(after), {
    ...contextOf(folderName),
    ...{ ref: 'check', before: properties() },
  });
const said = async (reference: string, event: object = {}) => {
  const answer = await lambda.invoke(reference, event);
  return 'error' in answer ? answer : answer.payload;
};

test('a published version keeps its code, its environment and its role when the function changes', async () => {
  const { ref } = publish();
  expect(ref).toBe(`${ARN}:1`);
  await said('check');
  await change('new', { Role: 'arn:role:two', Environment: { Variables: { MODE: 'other' } } });
  expect(await said('check')).toEqual({
    ...{ says: 'new', mode: 'other', version: '$LATEST', named: '$LATEST', key: 'check', arn: ARN },
  });
  expect(await said(ref)).toEqual({
    ...{ says: 'old', mode: undefined, version: '1', named: '1', key: 'check:1', arn: `${ARN}:1` },
  });
  expect([lambda.callerOf('check')?.roleArn, lambda.callerOf('check:1')?.roleArn]).toEqual([
    'arn:role:two',
    'arn:role:one',
  ]);
  expect([...streams].map((stream) => /\[(.*)\]/.exec(stream)?.[1]).sort()).toEqual([
    '$LATEST',
    '$LATEST',
    '1',
  ]);
});

test('an invocation that runs ends with the code that it began with', async () => {
  const running = said('check', { ms: 300 });
  await change('new', {});
  expect(await said('check')).toMatchObject({ says: 'new' });
  expect(await running).toMatchObject({ says: 'old' });
});

test('a template publishes no version of a function that has not changed, and a client gets the one there is', async () => {
  publish();
  expect(publish).toThrow('A version for this Lambda function exists ( 1 ). Modify the function');
  expect(await client.publishVersion({ FunctionName: 'check' })).toMatchObject({ Version: '1' });
  await change('new', {});
  expect(await client.publishVersion({ FunctionName: 'check' })).toMatchObject({
    ...{ Version: '2', FunctionArn: `${ARN}:2` },
  });
});

test('a version is gone once it is deleted, and its number is not given again', async () => {
  publish();
  await change('new', {});
  publish();
  await client.deleteFunction({ FunctionName: 'check', Qualifier: '1' });
  await expect(said('check:1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const { Versions = [] } = await client.listVersionsByFunction({ FunctionName: 'check' });
  expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST', '2']);
  expect(await client.listFunctions({})).toMatchObject({
    Functions: [{ FunctionName: 'check', LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+0000$/) }],
  });
  lambda.removals!['AWS::Lambda::Version']!(`${ARN}:2`, {});
  await change('old', {});
  expect(publish().ref).toBe(`${ARN}:3`);
});

test('an alias leads to the version that it was given last, which cannot be deleted meanwhile', async () => {
  publish();
  await client.createAlias({ FunctionName: 'check', Name: 'live', FunctionVersion: '1' });
  await change('new', {});
  expect(await said('check:live')).toMatchObject({ says: 'old', version: '1' });
  await expect(client.deleteFunction({ FunctionName: 'check', Qualifier: '1' })).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  publish();
  await client.updateAlias({ FunctionName: 'check', Name: 'live', FunctionVersion: '2' });
  expect(await said('check:live')).toMatchObject({ says: 'new', version: '2' });
  expect(lambda.versionOf!('check:live')).toBe('2');
  expect(await client.getAlias({ FunctionName: 'check', Name: 'live' })).toMatchObject({
    ...{ AliasArn: `${ARN}:live`, FunctionVersion: '2' },
  });
  expect((await client.listAliases({ FunctionName: 'check' })).Aliases).toHaveLength(1);
  await client.deleteAlias({ FunctionName: 'check', Name: 'live' });
  await expect(said('check:live')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a function that is deleted is so with its versions', async () => {
  const { ref } = publish();
  await client.deleteFunction({ FunctionName: 'check' });
  await expect(said(ref)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(client.getFunctionConfiguration({ FunctionName: 'check' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('all versions of a function share its reserved concurrency', async () => {
  const { ref } = publish();
  await change('new', { ReservedConcurrentExecutions: 1 });
  const running = said(ref, { ms: 300 });
  await expect(said('check')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await running;
  expect(await said('check')).toMatchObject({ says: 'new' });
});
