import type { World } from './world';

type Slot = 'a' | 'b';

/** What serves users between two deployments. */
export interface Live {
  versions: string[];
  slot: Slot;
}

/** The version that serves, and the slot it is in. */
export async function live(world: World): Promise<Live> {
  const { a } = await world.weights();
  return { versions: await world.serving(), slot: a === 100 ? 'a' : 'b' };
}

/** One version has all users, nothing else runs, and the lock is free: what holds after every true end. */
export async function expectLive(world: World, { versions, slot }: Live): Promise<void> {
  const on = (count: number) => ({ a: slot === 'a' ? count : 0, b: slot === 'b' ? count : 0 });
  expect(await world.serving()).toEqual(versions);
  expect(await world.weights()).toEqual(on(100));
  expect(await world.running()).toEqual(on(2));
  expect(await world.lockHolder()).toBeUndefined();
  expect(await world.migrationTasks()).toBe(0);
  expect(world.load.lost()).toBe(0);
}
