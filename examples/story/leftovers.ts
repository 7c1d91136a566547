import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { watchDescendants } from './processes';
import type { Leftovers } from './summary';

/** The last processes may need a moment between their parent's end and their own. */
const GRACE_MS = 5_000;
const POLL_MS = 100;

/**
 * Counts what is left after the end: processes of ours that are alive, temporary directories of ours that exist,
 * and the locks that were held before the end.
 */
export async function countLeftovers(
  descendants: ReturnType<typeof watchDescendants>,
  workDirs: readonly string[],
  locks: number,
): Promise<Leftovers> {
  const end = Date.now() + GRACE_MS;
  const left = () => ({
    processes: descendants.alive().length,
    locks,
    tempDirs: workDirs.filter((directory) => existsSync(directory)).length,
  });
  let now = left();
  while ((now.processes > 0 || now.tempDirs > 0) && Date.now() < end) {
    await setTimeout(POLL_MS);
    now = left();
  }
  return now;
}
