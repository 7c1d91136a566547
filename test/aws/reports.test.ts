import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createS3 } from '../../local/services/s3';
import { reports } from '../../src/aws/reports';
import { reportOf } from '../../src/domain/report';
import { manualClock } from '../local/manual-clock';
import { suiteTables } from './suite-table';

const tables = suiteTables();
const rows = [
  {
    step: 'ValidateRequest',
    phase: 'prepare',
    at: '2026-11-21T10:00:00.000Z',
    result: { valid: false, deployment: null, cause: 'ticket-4711 says postgres://shop:hunter2@db/shop' },
  },
];

async function account() {
  const s3 = createS3({ clock: manualClock() });
  await tables.lead({ s3: s3.operations });
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'kept' }));
  return {
    client,
    environment: {
      ...{ table: '', topic: '', answers: '', phase: '', stateMachine: '' },
      settingsPrefix: '/greenlight/Shop',
      reports: 's3://kept/reports/Shop',
      redact: ['ticket-\\d+'],
    },
  };
}

test('what stands in a page is redacted, the words of the step that ends the deployment as well', async () => {
  const { client, environment } = await account();
  const where = await reports.open(environment).write('one', () => reportOf('one', rows, null));
  // where the functions of a local cloud are led, a link leads as well
  expect(where).toBe(
    `${process.env.AWS_ENDPOINT_URL}/s3/object/kept?region=eu-west-1&prefix=reports%2FShop%2Fone.html`,
  );
  const { Body, ContentType } = await client.send(
    new GetObjectCommand({ Bucket: 'kept', Key: 'reports/Shop/one.html' }),
  );
  const page = (await Body?.transformToString()) ?? '';
  expect(ContentType).toBe('text/html; charset=utf-8');
  expect(page).toContain('unknown was rejected: *** says');
  expect(page).not.toMatch(/hunter2|4711/);
});

test.each([
  ['there is no bucket', 's3://gone/reports', /^it could not be written \(NoSuchBucket: /],
  ['nobody said where', '', /^it could not be written \(Error: expected s3:\/\/bucket\/key/],
])('where %s it says so, and what tells the same', async (_, place, says) => {
  const { environment } = await account();
  const where = await reports
    .open({ ...environment, reports: place })
    .write('one', () => reportOf('one', rows, null));
  expect(where).toMatch(says);
  expect(where).toContain('; npx greenlight report one --workflow Shop');
});

test('a report that cannot be made stops nobody', async () => {
  const { environment } = await account();
  const newer = rows.map((row) => ({ ...row, version: 99 }));
  const where = await reports.open(environment).write('one', () => reportOf('one', newer, null));
  expect(where).toMatch(/^it could not be written \(InvalidInput: .* has version 99/);
});
