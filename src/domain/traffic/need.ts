import type { Period } from '../evidence/latency';
import { type RequestCounts, totalOf } from '../evidence/request-counts';
import { SLOTS, type Slot } from '../settings/choices';
import type { Weights } from './weights';

/** A slot's tasks as they are now. */
export interface Tasks {
  desired: number;
  running: number;
}

/** What ECS wants of a slot; one that serves although it was told to stop has what still runs. */
const tasksOf = ({ desired, running }: Tasks) => desired || running;

/**
 * How many tasks would serve all users, by what serves them now. One slot that serves alone tells by itself. Of two, each
 * serves its share with what it has, so all users need no more than the leaner one's tasks times their share; and no more
 * than served them all at the last shift, unless a slot has grown since. Never fewer than either slot has: nobody knows what
 * a larger one would be too large for.
 * @param before as this said at the last shift, when it last had a slot scaled, or when the service was closed; undefined
 *   where nobody knows. Tasks that it had started itself would count as growth otherwise, and grow with each look.
 */
export function tasksForAll(
  slots: Record<Slot, Tasks>,
  weights: Weights,
  before: number | undefined,
): number {
  const serving = SLOTS.map((slot) => ({ tasks: tasksOf(slots[slot]), share: weights[slot] })).filter(
    ({ tasks, share }) => tasks > 0 && share > 0,
  );
  // closed, or every task is gone: nothing that serves could tell, and before a first deployment nothing has
  if (serving.length === 0) return before || 1;
  const all = SLOTS.reduce((sum, slot) => sum + weights[slot], 0);
  const largest = Math.max(...serving.map(({ tasks }) => tasks));
  const leanest = Math.min(...serving.map(({ tasks, share }) => Math.ceil((tasks * all) / share)));
  const grown = before === undefined || largest > before;
  return Math.max(largest, grown ? leanest : Math.min(leanest, before));
}

/** The tasks for a share of the users in percent. */
export const tasksForShare = (all: number, percent: number) => Math.max(1, Math.ceil((all * percent) / 100));

/** What is known of both sides when users are about to go back to blue. */
export interface Return {
  /** The tasks that blue needs for all users, and its healthy ones. */
  needed: number;
  healthy: number;
  /** Green's healthy tasks, and what became of its users' requests lately. */
  green: Pick<RequestCounts, 'requests' | 'errors'> & { healthy: number };
  /** How long blue's tasks were waited for, once that is over. */
  late: string | undefined;
}
export type MayReturn = { do: 'return' | 'wait' | 'refuse'; because: string };

const failing = ({ requests, errors }: Pick<RequestCounts, 'requests' | 'errors'>) =>
  requests === 0 ? 0 : errors / requests;

/**
 * What became of requests lately: in the newest minute, or in all periods where those show more. A target's errors are known
 * at once, and what nobody answered a minute later.
 */
export function lately(periods: readonly Period[]): RequestCounts {
  const since = (periods.at(-1)?.until ?? 0) - 60_000;
  const [newest, all] = [totalOf(periods.filter(({ until }) => until > since)), totalOf(periods)];
  return failing(newest) > failing(all) ? newest : all;
}

/**
 * Do users go back now? A blue that has its tasks gets them at once. One that lacks some is waited for, unless green fails
 * more of its users than blue lacks of its tasks; whoever goes back to too few tasks is told why. Never to none: a load
 * balancer without healthy targets sends to all of them.
 */
export function mayReturn({ needed, healthy, green, late }: Return): MayReturn {
  if (healthy >= needed) return { do: 'return', because: '' };
  const short = `${healthy} healthy of the ${needed} tasks that all users need on blue`;
  const after = late ? `${short} after ${late}` : short;
  if (healthy === 0)
    return late
      ? { do: 'refuse', because: `${after}, so traffic stays where it is` }
      : { do: 'wait', because: short };
  if (green.healthy === 0) return { do: 'return', because: `${short}, because green has none` };
  if (failing(green) > 1 - healthy / needed)
    return {
      do: 'return',
      because: `${short}, because green failed ${green.errors} of the last ${green.requests} requests`,
    };
  return late ? { do: 'return', because: after } : { do: 'wait', because: short };
}
