import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleReleases } from '../../examples/story/pipeline';
import { type Cloud, startCloud } from '../../local/cloud';
import { type Database, databaseOf } from './world/database';
import { type Executions, executionsOf } from './world/executions';
import { type Ground, layGround } from './world/ground';
import { type Load, startLoad } from './world/load';
import { quick } from './world/quick';
import { recordsOf } from './world/records';
import { type Tasks, tasksOf } from './world/tasks';
import { type Traffic, trafficOf } from './world/traffic';

jest.setTimeout(240_000);

const root = join(__dirname, '..', '..');
const IMAGES = join(root, 'examples', 'images.json');
const FILE = 'Shop.template.json';

let folder: string;
let cloud: Cloud;
let load: Load | undefined;
let world: Ground & Executions & Tasks & Traffic & Database;

/** The example as it is before anybody has deployed it: no task, no table. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-first-'));
  const synthesised = join(root, 'cdk.out');
  for (const name of readdirSync(synthesised))
    if (name !== FILE) symlinkSync(join(synthesised, name), join(folder, name));
  const template = readFileSync(join(synthesised, FILE), 'utf8');
  const without = template.replace(/(desiredCount\\+":)2/g, '$10');
  expect(without).not.toBe(template);
  writeFileSync(join(folder, FILE), without);
  cloud = await startCloud({ assembly: folder, images: IMAGES, speed: 20 });
  const ground = await layGround(cloud, 1);
  await bundleReleases({ aws: ground.aws, images: IMAGES, location: cloud.outputs.ManifestsLocation ?? '' });
  world = {
    ...ground,
    ...executionsOf(ground, recordsOf(ground).journal),
    ...tasksOf(ground),
    ...(await trafficOf(ground)),
    ...databaseOf(ground),
  };
});
afterAll(async () => {
  await load?.stop();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('leaves a service that served nobody as it was when its first version never comes up, and says so', async () => {
  expect(await world.running()).toEqual({ a: 0, b: 0 });
  const { outcome, cause, path } = await world.deploy({ image: 'shop:v5', deadlines: { greenSeconds: 30 } });
  expect({ outcome, path }).toMatchObject({ outcome: 'RolledBack' });
  expect(cause).toContain('; nobody is served, as before, schema expanded');
  expect(await world.running()).toEqual({ a: 0, b: 0 });
  expect(await world.weights()).toEqual({ a: 100, b: 0 });
});

it('deploys a first version by a request like another one: schema first, then all users', async () => {
  const ended = await world.deploy({ image: 'shop:v2' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await world.serving()).toEqual(['v2']);
  expect(await world.weights()).toEqual({ a: 0, b: 100 });
  expect(await world.running()).toEqual({ a: 0, b: 1 });
  const back = await world.rollBack(ended.name);
  expect(back.outcome).toBe('DeploymentRejected');
  expect(back.cause).toContain('nobody was served before it, so there is no previous version to return to');
  expect(await world.serving()).toEqual(['v2']);
});

it('is judged by its users from the second version on', async () => {
  load = startLoad(world.url, 100);
  const { path, outcome, cause } = await world.deploy({ image: 'shop:v3', migrations: 'none', ...quick });
  expect({ outcome, cause, path }).toMatchObject({ outcome: 'RolledBack' });
  expect(path).toContain('ObserveGreen');
  expect(cause).toContain('the previous version serves all traffic');
  expect(await world.serving()).toEqual(['v2']);
  expect(load.lost()).toBe(0);
});
