import type { World } from '../scenarios/world';

/** What stands in the world, as far as the invariants ask for it. */
export interface WorldState {
  weights: Record<'a' | 'b', number>;
  /** The versions that answer users. */
  serving: string[];
  running: Record<'a' | 'b', number>;
  applied: string[];
  fingerprint: string;
  lockHolder: string | undefined;
  migrationTasks: number;
  trials: string[];
  lost: number;
  /** The database's password, which nobody may ever find. */
  secret: string;
}

export async function worldStateOf(world: World): Promise<WorldState> {
  const { applied, fingerprint } = await world.schema();
  return {
    weights: await world.weights(),
    serving: await world.serving(),
    running: await world.running(),
    applied,
    fingerprint,
    lockHolder: await world.lockHolder(),
    migrationTasks: await world.migrationTasks(),
    trials: await world.trials(),
    lost: world.load.lost(),
    secret: await world.password(),
  };
}
