import { type Fleet, startFleet } from './fleet';
import { type Counts, TRANSITIONS } from './model';
import type { Kinds } from './page';

/** As production releases by default: a canary that is watched for ten minutes, twice. */
const CANARY = { strategy: 'CANARY', bakeSeconds: 600 };

/** Called by the functions that a schedule wakes: no deployment's own. */
const BESIDE = ['Reconcile', 'RetirePrevious'];

function called({ cloud }: Fleet): Map<string, number> {
  const calls = new Map(cloud.calls('Greenlight'));
  for (const name of BESIDE)
    for (const [operation, times] of cloud.calls(`Greenlight${name}`))
      calls.set(operation, (calls.get(operation) ?? 0) - times);
  return calls;
}

/** The calls of one deployment, and the states that it entered. */
async function countOne(fleet: Fleet, request: object): Promise<Counts> {
  const before = called(fleet);
  const { outcome, cause, transitions } = await fleet.deploy(fleet.services[0]!, { ...CANARY, ...request });
  if (outcome !== 'DeploymentSucceeded') throw new Error(`the counted deployment ended ${outcome}: ${cause}`);
  const counts = [...called(fleet)].map(
    ([operation, times]) => [operation, times - (before.get(operation) ?? 0)] as const,
  );
  return { ...Object.fromEntries(counts.filter(([, times]) => times > 0)), [TRANSITIONS]: transitions };
}

/** Plays a release with migrations and one without, by themselves, and counts what they call. */
export async function count(options: { assembly?: string } = {}): Promise<Kinds> {
  const fleet = await startFleet({ services: 1, speed: 60, rate: 40, ...options });
  try {
    // once before, so that nothing counted waits for a function that starts for the first time
    await countOne(fleet, { image: 'shop:v2', migrations: 'none', bakeSeconds: 60 });
    await countOne(fleet, { image: 'shop:v1', migrations: 'none', bakeSeconds: 60 });
    const migrations = await countOne(fleet, { image: 'shop:v2' });
    return { migrations, code: await countOne(fleet, { image: 'shop:v1', migrations: 'none' }) };
  } finally {
    await fleet.close();
  }
}
