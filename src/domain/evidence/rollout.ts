import { CRASH_LOOP } from './fleet';

/** Green's service and targets, as ECS and the load balancer show them. */
export interface GreenFleet {
  taskDefinition: string;
  /** How many tasks are wanted now: a scaling policy may have changed it since the start. */
  desired: number;
  running: number;
  rollingOut: boolean;
  failedTasks: number;
  events: string[];
}
export interface GreenTargets {
  healthy: number;
  others: { target: string; state: string; reason: string }[];
}

/** A new target is healthy after one passing check, so one good look is not trusted. */
const GOOD_LOOKS = 2;
/** Tasks that ended by themselves: more is a crash loop and not worth waiting for. */
const MAX_FAILED_TASKS = 3;

/**
 * Why ECS cannot place a task, in its own words; undefined where it can. Events go back for long, so what it has placed since
 * is behind it. Source: Amazon ECS Developer Guide, "Service event messages".
 */
export function notPlaced(events: readonly string[]): string | undefined {
  const newest = events.find((event) => /unable to place a task|has started \d+ tasks/.test(event));
  return (
    newest && /unable to place a task.*?Reason: (.*?)(?:\. For more information.*)?\.?$/s.exec(newest)?.[1]
  );
}

export type GreenLook = { status: 'healthy' | 'undecided' | 'unhealthy'; streak: number; cause: string };

/** All of the tasks that are wanted now run and are healthy. One that scaling in leaves running harms nobody. */
const isComplete = (fleet: GreenFleet, targets: { healthy: number }) =>
  fleet.desired > 0 && fleet.running >= fleet.desired && targets.healthy >= fleet.desired;

/** `1 of 2 tasks run, 0 healthy`, and why ECS cannot place the others. */
function counted(fleet: GreenFleet | undefined, { healthy }: { healthy: number }): string {
  const unplaced = notPlaced(fleet?.events ?? []);
  return [
    `${fleet?.running ?? 0} of ${fleet?.desired ?? 0} tasks run, ${healthy} healthy`,
    ...(unplaced === undefined ? [] : [`ECS cannot place its tasks: ${unplaced}`]),
  ].join('; ');
}

/** Is green up? Wants the right version, all of its tasks, all of its targets healthy, on consecutive looks. */
export function judgeGreen(
  wanted: { taskDefinition: string },
  fleet: GreenFleet | undefined,
  targets: GreenTargets,
  streak: number,
  late: string | undefined,
  side: 'green' | 'blue' = 'green',
): GreenLook {
  // a target that drains belongs to the version that green replaces in this slot
  const sick = targets.others.filter(({ state }) => !state.includes('draining'));
  const good =
    fleet !== undefined &&
    fleet.taskDefinition === wanted.taskDefinition &&
    !fleet.rollingOut &&
    isComplete(fleet, targets) &&
    sick.length === 0;
  const seen = good ? streak + 1 : 0;
  const state = counted(fleet, targets);
  const detail = sick
    .map(({ target, state, reason }) => `${target} is ${state}${reason ? ` (${reason})` : ''}`)
    .join(', ');
  const cause = detail ? `${state}; ${detail}` : state;
  if (seen >= GOOD_LOOKS) return { status: 'healthy', streak: seen, cause };
  const unhealthy = (because: string) => ({
    status: 'unhealthy' as const,
    streak: 0,
    cause: `${side} ${because}: ${cause}`,
  });
  if ((fleet?.failedTasks ?? 0) >= MAX_FAILED_TASKS)
    return unhealthy(
      notPlaced(fleet?.events ?? []) === undefined
        ? `keeps crashing, ${fleet?.failedTasks} tasks have failed`
        : 'does not start',
    );
  if (late) return unhealthy(`is not healthy after ${late}`);
  return { status: 'undecided', streak: seen, cause };
}

/**
 * ECS itself counts no end of a task that ran before, where the task has no health check: it starts such a version for ever.
 * Source: Amazon ECS API Reference, Deployment, failedTasks.
 */
export const keepsCrashing = (crashes: readonly string[]): GreenLook | undefined =>
  crashes.length < CRASH_LOOP
    ? undefined
    : {
        status: 'unhealthy',
        streak: 0,
        cause: `green keeps crashing, ${crashes.length} of its tasks ended by themselves`,
      };

/** Long enough for DescribeServices to know of an update that was answered. */
const SETTLED_SECONDS = 60;

/**
 * A service that is steady on another version than the one it was told to run: ECS's circuit breaker went back by
 * itself, which `ServicesStable` calls success. Source: Amazon ECS Developer Guide, "deployment circuit breaker".
 */
export function wentBack(
  wanted: { taskDefinition: string },
  fleet: GreenFleet | undefined,
  elapsedSeconds: number,
): GreenLook | undefined {
  if (!fleet || fleet.taskDefinition === wanted.taskDefinition) return undefined;
  if (fleet.rollingOut || elapsedSeconds < SETTLED_SECONDS) return undefined;
  return {
    status: 'unhealthy',
    streak: 0,
    cause: `ECS gave the rollout up and went back to ${fleet.taskDefinition}`,
  };
}

export type UndoProgress = { status: 'returned' | 'returning' | 'stuck'; cause: string };

/**
 * Is the previous version the only one again, with all of its tasks healthy? Of a service that answers users none is too few; a pure
 * worker may have been scaled to none.
 */
export function rolledBack(
  blue: { taskDefinition: string },
  fleet: GreenFleet | undefined,
  targets: GreenTargets,
  late: string | undefined,
  served: boolean,
): UndoProgress {
  const state = counted(fleet, targets);
  const back =
    fleet?.taskDefinition === blue.taskDefinition &&
    !fleet.rollingOut &&
    (isComplete(fleet, targets) || (!served && fleet.desired === 0 && fleet.running === 0));
  if (back) return { status: 'returned', cause: '' };
  return late
    ? { status: 'stuck', cause: `the previous version is not back after ${late}: ${state}` }
    : { status: 'returning', cause: state };
}
