import { join } from 'node:path';
import { startCloud } from '../../local/cloud';
import { type Cdk, cdkIn } from './foreign/cdk';
import { expectServing } from './serving';
import { quick } from './stories';
import { inhabit, type World } from './world';

jest.setTimeout(900_000);

const ROOT = join(__dirname, '..', '..');
const IMAGES = join(ROOT, 'examples', 'images.json');

let world: World | undefined;
let cdk: Cdk | undefined;
afterAll(async () => {
  await world?.close();
  cdk?.forget();
});

it('deploys the example by the CDK, and a release and its rollback run on what it has made', async () => {
  const cloud = await startCloud({ images: IMAGES, speed: 20 });
  try {
    cdk = cdkIn(ROOT, 'cdk.out', cloud);
    expect(await cdk.run(['bootstrap', `aws://000000000000/${cloud.region}`])).toMatchObject({ code: 0 });
    const deployed = await cdk.run(['deploy', 'Shop', '--require-approval', 'never']);
    expect(deployed).toMatchObject({ code: 0, said: expect.stringContaining('Shop.ManifestsLocation') });
    world = await inhabit(cloud, IMAGES, 200, 1);
  } catch (error) {
    await cloud.close();
    throw error;
  }
  await expectServing(world, { version: 'v1', slot: 'a' });
  const { name, outcome } = await world.deploy({ image: 'shop:v2', ...quick });
  expect(outcome).toBe('DeploymentSucceeded');
  await expectServing(world, { version: 'v2', slot: 'b' });
  expect((await world.rollBack(name)).outcome).toBe('RolledBack');
  await expectServing(world, { version: 'v1', slot: 'a' });
});
