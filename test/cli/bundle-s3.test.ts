import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createFaults, type Endpoint, startEndpoint } from '../../local/endpoint';
import { createAuthorise } from '../../local/iam';
import { createS3 } from '../../local/services/s3';
import { main } from '../../src/cli';
import { manualClock } from '../local/manual-clock';

const project = join(__dirname, '..', 'migrations', 'projects', 'dbmate');
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const LOCATION = 's3://releases/shop/v7.json';

let endpoint: Endpoint;
let s3: S3Client;
let out: string[];
let problems: string[];
const environment = { ...process.env };
beforeEach(async () => {
  endpoint = await startEndpoint({
    services: [createS3({ clock: manualClock() })],
    authorise: createAuthorise(
      { statementsOf: () => [] },
      { rolesOf: () => [], machineOf: () => undefined, keyOf: () => undefined },
    ),
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId }),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'tester',
    AWS_SECRET_ACCESS_KEY: 'none',
  });
  s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'releases' }));
  out = [];
  problems = [];
  jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => problems.push(line));
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  await endpoint.close();
});

async function stored() {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'releases' }));
  const object = await s3.send(new GetObjectCommand({ Bucket: 'releases', Key: 'shop/v7.json' }));
  return {
    keys: Contents.map(({ Key }) => Key),
    type: object.ContentType,
    text: await object.Body!.transformToString(),
  };
}

test('--s3 uploads the bytes whose digest it prints, and the same again on a second run', async () => {
  expect(await main(['bundle', project, '--s3', LOCATION])).toBe(0);
  const first = await stored();
  expect(first).toMatchObject({ keys: ['shop/v7.json'], type: 'application/json' });
  expect(JSON.parse(first.text)).toMatchObject({ version: 1, tool: 'dbmate' });
  expect(out).toEqual([`${LOCATION} ${digestOf(first.text)}`]);

  expect(await main(['bundle', project, '--s3', LOCATION, '--json'])).toBe(0);
  expect(await stored()).toEqual(first);
  expect(JSON.parse(out[1]!)).toMatchObject({ location: LOCATION, digest: digestOf(first.text) });
  expect(problems).toEqual([]);
});

test('a bucket that is not there is refused with one clear error, and nothing is printed as uploaded', async () => {
  expect(await main(['bundle', project, '--s3', 's3://elsewhere/shop/v7.json'])).toBe(1);
  expect(problems).toEqual([
    'error: cannot upload to s3://elsewhere/shop/v7.json: there is no bucket elsewhere; create it, or name one that is there',
  ]);
  expect(out).toEqual([]);
});
