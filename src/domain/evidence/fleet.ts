import type { Evidence } from './verdict';

/** Green's tasks and targets while users are on it. */
export interface Fleet {
  /** How many tasks are wanted now: a scaling policy may have changed it. */
  desired: number;
  healthy: number;
  others: { target: string; state: string; reason: string }[];
  /** It answers users: a green of a load balancer. What a pure worker leaves undone waits for it. */
  served: boolean;
  /** Tasks that ended by themselves since users reached green, newest first: why. */
  crashes: string[];
  /** Tasks that Fargate Spot has taken away since then, or is about to: it says so two minutes ahead. None by default. */
  interrupted?: number;
}

/** A task that has stopped: of which version, when (ms since the epoch), the stop code of Amazon ECS, and the reason with exit codes. */
export interface Stop {
  /** ARN of what it ran. */
  taskDefinition: string;
  at: number;
  code: string;
  reason: string;
}

/**
 * The stops that nobody asked for: a container ended, the task never started, or health checks failed; a deployment or
 * a scaling policy stops tasks as well. Source: Amazon ECS Developer Guide, "Stopped tasks error messages".
 */
const isCrash = ({ code, reason }: Stop) =>
  ['EssentialContainerExited', 'TaskFailedToStart'].includes(code) || /failed.* health checks/i.test(reason);

/** Why tasks crashed since an instant, the newest first; of one version, where it is named. */
export const crashesSince = (stops: readonly Stop[], since: number, version?: string): string[] =>
  stops
    .filter(({ at, taskDefinition }) => at >= since && (version ?? taskDefinition) === taskDefinition)
    .filter(isCrash)
    .map(({ code, reason }) => `${code}: ${reason}`);

/** How many tasks Fargate Spot took away since an instant. Source: Amazon ECS Developer Guide, "Fargate Spot termination notices". */
export const interruptionsSince = (stops: readonly Stop[], since: number): number =>
  stops.filter(({ at, code }) => at >= since && code === 'SpotInterruption').length;

/** What was seen, and what the newest of a version's stopped tasks says about it; of those that crashed, where some did. */
export function withNewestStop(seen: string, stops: readonly Stop[], version: string): string {
  const own = stops.filter(({ taskDefinition }) => taskDefinition === version);
  const newest = own.find(isCrash) ?? own[0];
  return newest ? `${seen}; the newest stopped task says ${newest.code}: ${newest.reason}` : seen;
}

/** One task may meet bad luck; so many since users came are a crash loop. */
export const CRASH_LOOP = 3;

/** Does green stay up? */
export function judgeFleet(fleet: Fleet): Evidence {
  const { desired, healthy, others, served, crashes, interrupted = 0 } = fleet;
  const numbers = { desired, healthy, crashes: crashes.length };
  const since = served ? 'users reached it' : 'its rollout began';
  const stopped = `${crashes.length} of its tasks crashed since ${since}, the newest: ${crashes[0]}`;
  const taken = `Fargate Spot has taken ${interrupted} of its tasks away since ${since}`;
  // nothing that the version has done; whether users suffer tell their errors
  if (served && healthy === 0 && interrupted > 0)
    return { verdict: 'undecided', because: `no target of green is healthy: ${taken}`, numbers };
  if (served && healthy === 0)
    return { verdict: 'unhealthy', because: 'no target of green is healthy', numbers };
  if (crashes.length >= CRASH_LOOP)
    return { verdict: 'unhealthy', because: `green keeps crashing: ${stopped}`, numbers };
  const unstable = [...(crashes.length > 0 ? [stopped] : []), ...(interrupted > 0 ? [taken] : [])];
  const warning = unstable.length > 0 ? { warning: `green is not stable: ${unstable.join('; ')}` } : {};
  const said = `${healthy} of ${desired} ${served ? 'targets' : 'tasks'} of green are healthy`;
  const sick = others
    .filter(({ state }) => !state.includes('draining'))
    .map(({ target, state, reason }) => `, ${target} is ${state}${reason ? ` (${reason})` : ''}`)
    .join('');
  return {
    verdict: healthy < desired ? 'undecided' : 'healthy',
    because: `${said}${sick}`,
    numbers,
    ...warning,
  };
}
