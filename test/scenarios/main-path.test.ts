import { startWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

it('releases v2: its migration, a canary, and blue retired', async () => {
  const ended = await world.deploy({ image: 'shop:v2', canaryPercent: 50, thresholds: { minimumRequests: 30 } });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await world.serving()).toEqual(['v2']);
  expect(await world.weights()).toEqual({ a: 0, b: 100 });
  expect(await world.running()).toEqual({ a: 0, b: 2 });
  expect(await world.lockHolder()).toBeUndefined();
  expect(world.load.lost()).toBe(0);
});
