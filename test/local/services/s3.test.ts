import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createFaults, type Endpoint, startEndpoint } from '../../../local/endpoint';
import { createAuthorise } from '../../../local/iam';
import type { Caller } from '../../../local/service';
import { createS3 } from '../../../local/services/s3';
import { manualClock } from '../manual-clock';

const READER = 'arn:aws:iam::000000000000:role/reader';
let endpoint: Endpoint;
let s3: S3Client;

const client = (accessKeyId = 'tester', options: object = {}) =>
  new S3Client({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId, secretAccessKey: 'none' },
    maxAttempts: 1,
    ...options,
  });

beforeEach(async () => {
  const statementsOf = () => [
    { Effect: 'Allow' as const, Action: 's3:GetObject', Resource: 'arn:aws:s3:::releases/shop/*' },
  ];
  endpoint = await startEndpoint({
    services: [createS3({ clock: manualClock() })],
    authorise: createAuthorise(
      { statementsOf },
      { rolesOf: () => [], machineOf: () => undefined, keyOf: () => undefined },
    ),
    faults: createFaults(),
    callerOf: (accessKeyId): Caller => ({
      accessKeyId,
      ...(accessKeyId === 'reader' && { roleArn: READER }),
    }),
  });
  s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket: 'releases' }));
});
afterEach(() => endpoint.close());

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'releases', Key, Body, ...more }));
const get = (Key: string, more: object = {}) =>
  s3.send(new GetObjectCommand({ Bucket: 'releases', Key, ...more }));
const refused = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error) => error,
  );

test('an object comes back with its bytes, its headers and its checksum', async () => {
  const body = Uint8Array.from({ length: 3000 }, (_, i) => i % 256);
  const written = await put('shop/v1 ü.json', body, {
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
    Metadata: { release: 'v1' },
  });
  const read = await get('shop/v1 ü.json');
  expect(Buffer.from(await read.Body!.transformToByteArray())).toEqual(Buffer.from(body));
  expect(read).toMatchObject({
    ETag: written.ETag,
    ChecksumCRC32: written.ChecksumCRC32,
    ContentLength: 3000,
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
    Metadata: { release: 'v1' },
    LastModified: expect.any(Date),
  });
  expect(written.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
});

test('a stream, which clients send in chunks with a trailing checksum, arrives whole', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'greenlight-s3-test-')), 'big');
  writeFileSync(file, 'x'.repeat(300_000));
  const { createReadStream } = await import('node:fs');
  const Body = createReadStream(file);
  await s3.send(new PutObjectCommand({ Bucket: 'releases', Key: 'big', Body, ContentLength: 300_000 }));
  expect(await (await get('big')).Body!.transformToString()).toBe('x'.repeat(300_000));
  rmSync(join(file, '..'), { recursive: true });
});

test('a body that is not what its checksum says is refused', async () => {
  const error = await refused(put('a', 'body', { ChecksumCRC32: 'AAAAAA==' }));
  expect(error).toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
  expect(await refused(get('a'))).toBeInstanceOf(NoSuchKey);
});

test('what is not there is said in the words of S3', async () => {
  expect(await refused(get('absent'))).toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
    Key: 'absent',
    $metadata: { httpStatusCode: 404 },
  });
  const elsewhere = await refused(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' })));
  expect(elsewhere).toBeInstanceOf(NoSuchBucket);
  expect(elsewhere.message).toBe('The specified bucket does not exist');
  const head = await refused(s3.send(new HeadObjectCommand({ Bucket: 'releases', Key: 'absent' })));
  expect(head).toBeInstanceOf(NotFound);
});

test('writing only what is not yet there refuses the second writer', async () => {
  await put('once', '1', { IfNoneMatch: '*' });
  expect(await refused(put('once', '2', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
  expect(await (await get('once')).Body!.transformToString()).toBe('1');
});

test('a part of an object can be asked for', async () => {
  await put('digits', '0123456789');
  const part = await get('digits', { Range: 'bytes=2-4' });
  expect([await part.Body!.transformToString(), part.ContentRange, part.$metadata.httpStatusCode]).toEqual([
    '234',
    'bytes 2-4/10',
    206,
  ]);
  expect(await refused(get('digits', { Range: 'bytes=20-' }))).toMatchObject({ name: 'InvalidRange' });
});

test('objects are listed by prefix, below a delimiter and page by page, and are gone when deleted', async () => {
  for (const key of ['a/1', 'a/2', 'a/b/3', 'c&d', 'e']) await put(key, key);
  const list = (input: object) => s3.send(new ListObjectsV2Command({ Bucket: 'releases', ...input }));
  const top = await list({ Delimiter: '/' });
  expect(top.Contents?.map(({ Key }) => Key)).toEqual(['c&d', 'e']);
  expect(top.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
  const first = await list({ MaxKeys: 2 });
  const second = await list({ MaxKeys: 2, ContinuationToken: first.NextContinuationToken });
  const third = await list({ MaxKeys: 2, ContinuationToken: second.NextContinuationToken });
  expect([first, second, third].map(({ Contents }) => Contents!.map(({ Key }) => Key))).toEqual([
    ['a/1', 'a/2'],
    ['a/b/3', 'c&d'],
    ['e'],
  ]);
  expect([first.IsTruncated, third.IsTruncated, third.NextContinuationToken]).toEqual([
    true,
    false,
    undefined,
  ]);
  await s3.send(new DeleteObjectCommand({ Bucket: 'releases', Key: 'e' }));
  await s3.send(new DeleteObjectCommand({ Bucket: 'releases', Key: 'e' }));
  expect((await list({ Prefix: 'e' })).KeyCount).toBe(0);
});

test('a role reads what its policy names and nothing else', async () => {
  await put('shop/v1.json', '{}');
  await put('other', '{}');
  const reader = client('reader');
  const read = (Key: string) => reader.send(new GetObjectCommand({ Bucket: 'releases', Key }));
  expect(await (await read('shop/v1.json')).Body!.transformToString()).toBe('{}');
  expect(await refused(read('other'))).toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('s3:GetObject on resource: arn:aws:s3:::releases/other'),
    $metadata: { httpStatusCode: 403 },
  });
  const list = reader.send(new ListObjectsV2Command({ Bucket: 'releases' }));
  expect(await refused(list)).toMatchObject({ name: 'AccessDenied' });
});

test('operations that are not served are refused by their name', async () => {
  const tagging = new PutObjectTaggingCommand({ Bucket: 'releases', Key: 'a', Tagging: { TagSet: [] } });
  expect(await refused(s3.send(tagging))).toMatchObject({
    name: 'NotImplemented',
    message: 's3:PutObjectTagging is not implemented by the local cloud',
    $metadata: { httpStatusCode: 501 },
  });
});

test('a bucket is found by its host too', async () => {
  await put('a', 'body');
  const headers = {
    host: `releases.localhost:${endpoint.port}`,
    authorization: 'AWS4-HMAC-SHA256 Credential=tester/20261121/eu-west-1/s3/aws4_request',
  };
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: endpoint.port, path: '/a', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

function installed(): boolean {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(installed() ? test : test.skip)('the aws command line copies files up and down unchanged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-s3-test-'));
  const environment = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'tester',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_PAGER: '',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  const aws = (...args: string[]) =>
    promisify(execFile)('aws', ['--endpoint-url', endpoint.url, ...args], { env: environment, cwd: folder });
  writeFileSync(join(folder, 'manifest.json'), '{"version":1}');
  await aws('s3', 'cp', 'manifest.json', 's3://releases/shop/manifest.json');
  await aws('s3api', 'get-object', '--bucket', 'releases', '--key', 'shop/manifest.json', 'back.json');
  expect(readFileSync(join(folder, 'back.json'), 'utf8')).toBe('{"version":1}');
  const { stdout } = await aws('s3', 'ls', 's3://releases/shop/');
  expect(stdout).toMatch(/13 manifest\.json/);
  rmSync(folder, { recursive: true });
});

test('who has a presigned address reads as the one who made it, and no more', async () => {
  await put('shop/a.html', '<p>a</p>', { ContentType: 'text/html' });
  await put('wiki/a.html', '<p>b</p>');
  const readBy = async (Key: string) => {
    const command = new GetObjectCommand({ Bucket: 'releases', Key });
    const answer = await fetch(await getSignedUrl(client('reader', { forcePathStyle: true }), command));
    return [answer.status, answer.headers.get('content-type'), await answer.text()];
  };
  expect(await readBy('shop/a.html')).toEqual([200, 'text/html', '<p>a</p>']);
  expect(await readBy('wiki/a.html')).toEqual([
    403,
    expect.anything(),
    expect.stringContaining('AccessDenied'),
  ]);
});
