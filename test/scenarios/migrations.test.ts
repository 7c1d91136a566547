import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

const s3 = () => new S3Client({ ...world.aws, forcePathStyle: true });

async function expectUntouched(before: { fingerprint: string; applied: string[] }, snapshots: number) {
  expect(await world.schema()).toEqual(before);
  expect(await world.snapshots()).toHaveLength(snapshots);
  expect(await world.serving()).toEqual([await liveVersion()]);
  expect(await world.lockHolder()).toBeUndefined();
  expect(world.load.lost()).toBe(0);
}
const liveVersion = async () => ((await world.schema()).applied.length > 1 ? 'v2' : 'v1');

/** The output of a plan, from the execution's last event. */
const outputOf = (events: { executionSucceededEventDetails?: { output?: string } }[]) =>
  JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? 'null');

it('reports the plan of a dry run and changes nothing', async () => {
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v2', dryRun: true });
  expect(ended.outcome).toBe('PlanReported');
  expect(outputOf(ended.events)).toMatchObject({
    outcome: 'PlanReported',
    plan: { decision: 'run', pending: ['20260112090000'], classes: { expand: 1 }, cause: '' },
  });
  await expectUntouched(before, 0);
});

it('puts the plan into the output of a deployment, and takes no snapshot when nothing is pending', async () => {
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', cause: '' });
  expect(outputOf(ended.events).plan).toMatchObject({ decision: 'run', pending: ['20260112090000'] });
  expect(await world.snapshots()).toHaveLength(1);
  const again = await world.deploy({ image: 'shop:v3', ...sick });
  expect(again.outcome).toBe('RolledBack');
  expect(again.path).not.toContain('SnapshotDatabase');
  expect(await world.snapshots()).toHaveLength(1);
});

it('rejects v6, which drops a column that v2 reads, with the releases that do it safely', async () => {
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:v6' });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toMatch(/1 of 1 statements cannot run while the live version serves/);
  expect(ended.cause).toMatch(/db\/v6\/20260202090000_drop_note_of_orders\.sql:2 (contract|irreversible)/);
  expect(ended.cause).toMatch(/Instead, drop column .*note.* in \d releases:/);
  await expectUntouched(before, 1);
});

it('lets v6 through when the request says that the live version does not use the column', async () => {
  const ended = await world.deploy({ image: 'shop:v6', dryRun: true, accept: ['20260202090000'] });
  expect(ended.outcome).toBe('PlanReported');
  expect(outputOf(ended.events).plan).toMatchObject({
    decision: 'run',
    remarks: [expect.stringContaining('contract: Dropping note')],
  });
});

it('rejects an older release whose database has moved on', async () => {
  const before = await world.schema();
  const rejected = await world.deploy({ image: 'shop:v1', ...quick });
  expect(rejected.outcome).toBe('DeploymentRejected');
  expect(rejected.cause).toContain(
    'migration 20260112090000 was applied to this database and is not in this release',
  );
  await expectUntouched(before, 1);
});

it('rejects what it has no manifest of, and a manifest that is not the one asked for', async () => {
  const before = await world.schema();
  const location = world.cloud.outputs.ManifestsLocation ?? '';
  const [, Bucket, Prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const keys = async () =>
    (await s3().send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents?.map(({ Key }) => Key);
  const known = await keys();
  const unknown = await world.deploy({
    image: 'shop:v4',
    migrations: { manifest: `${location}/elsewhere.json`, digest: `sha256:${'0'.repeat(64)}` },
  });
  expect(unknown.cause).toMatch(
    /there is no manifest at s3:.*elsewhere\.json.*run npx greenlight bundle --s3/,
  );
  await s3().send(
    new PutObjectCommand({ Bucket, Key: `${Prefix}/elsewhere.json`, Body: '{"tool":"dbmate"}' }),
  );
  const other = await world.deploy({
    image: 'shop:v4',
    migrations: { manifest: `${location}/elsewhere.json`, digest: `sha256:${'0'.repeat(64)}` },
  });
  expect(other.cause).toMatch(/is sha256:[0-9a-f]{64}, and sha256:0{64} was asked for/);
  await s3().send(new DeleteObjectCommand({ Bucket, Key: `${Prefix}/elsewhere.json` }));
  expect(await keys()).toEqual(known);
  expect([unknown.outcome, other.outcome]).toEqual(['DeploymentRejected', 'DeploymentRejected']);
  await expectUntouched(before, 1);
});

it('rejects a release in which an applied migration was edited, although the tool stores no checksum', async () => {
  const before = await world.schema();
  const location = world.cloud.outputs.ManifestsLocation ?? '';
  const [, Bucket, Prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket, Prefix }));
  const manifests = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3().send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
    ),
  );
  const v4 = manifests.find((text) => text?.includes('create_suppliers'))!;
  const edited = v4
    .replace('add column note text', 'add column note varchar(10)')
    .replace(
      /("checksum": ")[0-9a-f]{64}(",\s+"down": "alter table orders drop column note)/i,
      `$1${'0'.repeat(64)}$2`,
    );
  expect(edited).toContain('0'.repeat(64));
  await s3().send(new PutObjectCommand({ Bucket, Key: `${Prefix}/edited.json`, Body: edited }));
  const ended = await world.deploy({
    image: 'shop:v4',
    migrations: {
      manifest: `${location}/edited.json`,
      digest: `sha256:${createHash('sha256').update(edited).digest('hex')}`,
    },
  });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain('was edited after migration 20260112090000 was applied');
  await expectUntouched(before, 1);
});
