import { declared, denied, needs } from './grants';
import { stories } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

/** `npm run grants -- --each` takes every statement away; here a few, always the same ones. */
const EVERY = 45;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

it('grants no step a statement without a story that needs it; npm run grants -- --write finds the stories', () => {
  const names = declared(world).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(150);
  expect(Object.keys(needs).sort()).toEqual(names.sort());
  expect(Object.keys(stories)).toEqual(expect.arrayContaining(Object.values(needs)));
});

it('denies a step that has one of its statements taken away', async () => {
  const sample = declared(world).filter((_, index) => index % EVERY === 0);
  for (const statement of sample)
    expect([statement.name, await denied(world, statement)]).toEqual([statement.name, true]);
});
