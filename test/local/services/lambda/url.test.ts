import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaledClock } from '../../../../local/clock';
import { createLambda } from '../../../../local/services/lambda';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:hook';
const SOURCE = `
  exports.handler = async (event) => {
    if (event.rawPath === '/fail') throw new Error('no');
    if (event.rawPath === '/full') return {
      statusCode: 201, headers: { 'X-Tries': 3, 'content-type': 'image/png' }, cookies: ['a=1', 'b=2; Secure'],
      body: Buffer.from([1, 2, 255]).toString('base64'), isBase64Encoded: true,
    };
    if (event.rawPath === '/bad') return { statusCode: 'two hundred' };
    if (event.rawPath === '/split') return { statusCode: 200, headers: { a: 'b\\r\\nc: d' } };
    if (event.rawPath === '/nothing') return undefined;
    return { event };
  }`;

let folder: string;
let lambda: ReturnType<typeof createLambda>;
let url: string;

const make = (type: string, properties: unknown) =>
  lambda.resources![`AWS::Lambda::${type}`]!(properties, {
    logicalId: 'Hook',
    name: 'hook',
    metadata: { 'aws:asset:path': '.' },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-url-test-'));
  writeFileSync(join(folder, 'index.js'), SOURCE);
  const logs = { write: () => {} };
  lambda = createLambda({ clock: scaledClock(), assembly: folder, logs, environment: () => ({}) });
  await make('Function', { Runtime: 'nodejs22.x', Role: 'arn:role', Timeout: 30 });
  const made = await make('Url', { TargetFunctionArn: ARN, AuthType: 'NONE' });
  expect(made).toMatchObject({ ref: ARN, attributes: { FunctionArn: ARN } });
  url = made.attributes!.FunctionUrl!;
});
afterAll(async () => {
  await lambda.close!();
  rmSync(folder, { recursive: true });
});

test('a request arrives as an event of payload format 2.0, and an answer without status is a 200 of JSON', async () => {
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const response = await fetch(`${url}a/b?x=1&x=2%263&y=`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'X-Own': 'Yes', cookie: 'a=1; b=2' },
    body: '{"n":"é"}',
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  const { event } = (await response.json()) as { event: { headers: object } };
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a/b',
    rawQueryString: 'x=1&x=2%263&y=',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-own': 'Yes' },
    queryStringParameters: { x: '1,2&3', y: '' },
    requestContext: {
      accountId: 'anonymous',
      http: { method: 'POST', path: '/a/b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
    },
    body: '{"n":"é"}',
    isBase64Encoded: false,
  });
  expect(event.headers).not.toHaveProperty('cookie');
});

test('bytes arrive as base64, and no body as none', async () => {
  const got = async (init: RequestInit) =>
    ((await (await fetch(url, init)).json()) as { event: object }).event;
  expect(await got({ method: 'PUT', body: Buffer.from([0, 255]) })).toMatchObject({
    body: 'AP8=',
    isBase64Encoded: true,
  });
  expect(await got({})).not.toHaveProperty('body');
});

test('an answer with a status is the whole response', async () => {
  const response = await fetch(`${url}full`);
  expect([response.status, response.headers.get('x-tries'), response.headers.get('content-type')]).toEqual([
    201,
    '3',
    'image/png',
  ]);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 255]);
});

test('nothing is null in JSON', async () => {
  const response = await fetch(`${url}nothing`);
  expect([response.status, await response.text()]).toEqual([200, 'null']);
});

test.each(['fail', 'bad', 'split'])(
  'an error or an answer that cannot be sent is a 502: %s',
  async (path) => {
    expect((await fetch(url + path)).status).toBe(502);
  },
);

test('what a local URL does not do is refused by name', async () => {
  await expect(make('Url', { TargetFunctionArn: ARN, AuthType: 'AWS_IAM' })).rejects.toThrow(
    "AuthType 'AWS_IAM' is not served locally; use NONE",
  );
  await expect(
    make('Url', { TargetFunctionArn: ARN, AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' }),
  ).rejects.toThrow("'RESPONSE_STREAM' is not served locally");
  await expect(make('Url', { TargetFunctionArn: 'gone', AuthType: 'NONE' })).rejects.toThrow(
    'Function not found: gone',
  );
});

test('a URL that its stack no longer names answers nobody', async () => {
  const other = { TargetFunctionArn: ARN, Qualifier: '$LATEST', AuthType: 'NONE' };
  const { ref, attributes } = await make('Url', other);
  const { FunctionUrl = '' } = attributes!;
  expect((await fetch(FunctionUrl)).status).toBe(200);
  await lambda.removals!['AWS::Lambda::Url']!(ref, other);
  await expect(fetch(FunctionUrl)).rejects.toThrow('fetch failed');
  expect((await fetch(url)).status).toBe(200);
});
