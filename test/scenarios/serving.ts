import type { World } from './world';

type Slot = 'a' | 'b';

/** What serves users between two deployments. */
export interface Serving {
  version: string;
  slot: Slot;
  /** Tasks of the other slot: 0, unless its version is kept warm. */
  idle?: number;
  /** The deployment that keeps the lock: one that ended in NeedsOperator. */
  lockedBy?: string;
}

/** The live version, and the slot it is in. */
export async function servingNow(world: World): Promise<Serving> {
  const { a } = await world.weights();
  return { version: (await world.serving()).join(), slot: a === 100 ? 'a' : 'b' };
}

export const otherThan = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/**
 * What holds after every true end: one version has all users, the other slot is empty, no migration and no trial runs, the
 * lock is free, and no request was lost.
 */
export async function expectServing(
  world: World,
  { version, slot, idle = 0, lockedBy }: Serving,
): Promise<void> {
  const both = (serving: number, other: number) => ({
    a: slot === 'a' ? serving : other,
    b: slot === 'b' ? serving : other,
  });
  expect(await world.serving()).toEqual([version]);
  expect(await world.weights()).toEqual(both(100, 0));
  expect(await world.running()).toEqual(both(2, idle));
  expect(await world.lockHolder()).toBe(lockedBy);
  expect(await world.migrationTasks()).toBe(0);
  expect(await world.trials()).toEqual([]);
  expect(world.load.lost()).toBe(0);
}
