import { denied, needs } from './grants';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

/** `npm run grants` takes every statement away; here every ninth, always the same ones. */
const EVERY = 9;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

it('grants no step a statement that no deployment needs, and a step without one of its statements is denied', async () => {
  const all = await needs(world);
  expect(all.length).toBeGreaterThan(90);
  expect(all.filter(({ story }) => !story).map(({ step, sid }) => `${step} ${sid}`)).toEqual([]);
  for (const need of all.filter((_, index) => index % EVERY === 0))
    expect([need.step, need.sid, await denied(world, need)]).toEqual([need.step, need.sid, true]);
});
