import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import { ageSnapshots, takeSnapshot } from './snapshots';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

const s3 = () => new S3Client({ ...world.aws, forcePathStyle: true });
const note = (image: string, environment: string) => {
  const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(world.settings.migrations.manifests) ?? [];
  const digest = image.slice(image.indexOf('sha256:') + 'sha256:'.length);
  return { Bucket, Key: `${prefix}/${digest}.${environment}.json` };
};

async function expectUntouched() {
  expect(await world.serving()).toEqual(['v1']);
  expect(await world.lockHolder()).toBeUndefined();
  expect(await world.snapshots()).toEqual([]);
}

it('rejects a request beyond the limits of its environment, with every problem at once and nothing changed', async () => {
  await world.configure({ limits: { ...world.settings.limits, overrides: [], accept: false } });
  const ended = await world.deploy({ image: 'shop:v2', accept: ['1'], thresholds: { minimumRequests: 1 } });
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain("request.thresholds: example allows no thresholds of a request's own");
  expect(ended.cause).toContain('request.accept: accept is not allowed in environment example');
  await expectUntouched();
});

it('refuses a strategy that the environment does not allow, also where AUTO would choose it', async () => {
  await world.configure({ limits: { ...world.settings.limits, strategies: ['ROLLING'] } });
  for (const strategy of ['CANARY', 'AUTO']) {
    const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy });
    expect(ended.outcome).toBe('DeploymentRejected');
  }
  await expectUntouched();
});

it('takes an image to production only after the very same digest has succeeded in staging', async () => {
  await world.configure({ promotion: { after: 'staging' } });
  const early = await world.deploy({ image: 'shop:v2', ...quick });
  expect(early.outcome).toBe('DeploymentRejected');
  expect(early.cause).toMatch(
    /succeeded in staging, and "shop:v2" \(sha256:[0-9a-f]{64}\) has not; deploy it there/,
  );
  await expectUntouched();

  const [image] = /sha256:[0-9a-f]{64}/.exec(early.cause) ?? [''];
  await s3().send(new PutObjectCommand({ ...note(image, 'staging'), Body: '{}' }));
  const ended = await world.deploy({ image: 'shop:v2', ...quick }, 'promoted');
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await world.serving()).toEqual(['v2']);
  const { Body } = await s3().send(new GetObjectCommand(note(image, 'example')));
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({
    deployment: 'promoted',
    environment: 'example',
    image: expect.stringContaining(image),
  });
});

it('deletes old snapshots of earlier deployments at the end, and none of anybody else', async () => {
  await world.configure({ retention: { snapshotDays: 1, keepLast: 2 } });
  const nameOf = (deployment: string) => snapshotName(deployment, databaseIn(world.settings));
  for (const deployment of ['old-1', 'old-2']) await takeSnapshot(world, nameOf(deployment), deployment);
  await takeSnapshot(world, 'nightly');
  await takeSnapshot(world, 'greenlight-named-otherwise', 'named-otherwise');
  ageSnapshots(world);
  const ended = await world.deploy({ image: 'shop:v1', ...quick, migrations: 'none' }, 'retains');
  world.mend();
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect((await world.snapshots()).map(({ name }) => name).sort()).toEqual([
    'greenlight-named-otherwise',
    nameOf('old-1'),
    nameOf('promoted'),
    'nightly',
  ]);
});

it('succeeds all the same when old snapshots cannot be deleted', async () => {
  world.fault({ operation: 'rds:DescribeDBSnapshots', kind: 'deny', role: 'ApplyRetention' });
  const ended = await world.deploy({ image: 'shop:v2', ...quick, migrations: 'none' });
  world.mend();
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await world.lockHolder()).toBeUndefined();
  expect(world.load.lost()).toBe(0);
});
