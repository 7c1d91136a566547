import { type Control, heldBy } from '../deployment/controller';
import type { Deployment } from '../deployment/deployment';
import { familyOf } from '../deployment/task-definition';
import { type Stop, withNewestStop } from '../evidence/fleet';
import { type GreenFleet, notPlaced, wentBack } from '../evidence/rollout';
import { overdue, secondsSince } from '../time/deadline';
import { listed } from '../validation/check';
import { type Moves, type Worker, workerName } from './settings';

/** The tasks of a worker that is an ECS service, as ECS counts them. */
export type WorkerFleet = GreenFleet;

/** A task of a worker that runs, is about to, or has not stopped yet. */
export interface WorkerTask {
  /** ARN. */
  task: string;
  taskDefinition: string;
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  /** Since when all of its containers run; null before. */
  runsSince: string | null;
  /** It was told to stop, and works until it has. */
  stopping: boolean;
}

/**
 * The workers that move now. Those of a closed service may not write before users do, so all of them wait for the shift.
 */
export const dueWorkers = (
  { settings: { workers }, strategy }: Pick<Deployment, 'settings' | 'strategy'>,
  moves: Moves,
): Worker[] => workers.filter((worker) => (strategy === 'MAINTENANCE' ? 'after' : worker.moves) === moves);

/** What is seen of a worker before anything is changed. */
export interface WorkerFound {
  worker: Worker;
  /** Undefined where it is not there. */
  stands: { taskDefinition: string; fleet?: Control; startsIn?: string } | undefined;
  /** What it runs was deregistered: it goes on, and nobody can be given it again. */
  inactive: boolean;
  /** The containers of what its new version is made of. */
  containers: readonly (string | undefined)[];
}

/** Why a worker cannot move with a release; undefined where it can. */
export function immovable(
  { worker, stands, inactive, containers }: WorkerFound,
  cluster: string,
): string | undefined {
  const name = workerName(worker);
  if (!stands) return `worker ${name} is not there; create it, or take it out of the service's workers`;
  const held = stands.fleet && heldBy(`worker ${name}`, stands.fleet);
  if (held) return `${held}, or take it out of the service's workers`;
  if ((stands.startsIn ?? cluster) !== cluster)
    return `worker ${name} starts its tasks in ${stands.startsIn} instead of ${cluster}, where nobody would look for them; let it start them there, or take it out of the service's workers`;
  if (inactive)
    return `worker ${name} runs ${revisionName(stands.taskDefinition)}, which was deregistered, and Amazon ECS gives no worker a revision that is INACTIVE: a rollback could not bring it back; have it run one that is ACTIVE first`;
  if (!containers.includes(worker.container))
    return `worker ${name} has no container ${worker.container}; set its container to one of ${containers.join(', ')}`;
  return undefined;
}

/**
 * What a plan says of a worker.
 * @param left what the last deployment left it to run, where that is known
 */
export const plannedMove = (worker: Worker, taskDefinition: string, left = taskDefinition): string =>
  `${workerName(worker)} runs ${revisionName(taskDefinition)}${left === taskDefinition ? '' : `, although the last deployment left ${revisionName(left)},`} and moves ${worker.moves} the shift`;

/** How much a worker does: what a maintenance window takes from it and gives back. */
export interface WorkerActivity {
  /** How many tasks a service is to have; of a rule and a schedule 1 while it is enabled, else 0. */
  desired: number;
}

/**
 * Whether a window has stopped it and nobody has started it since. How much a worker does that is at work is for its owner, or for a
 * scaling policy that finds what has piled up.
 */
export const rests = (before: WorkerActivity, now: WorkerActivity | undefined): boolean =>
  before.desired > 0 && now?.desired === 0;

/** `shop-worker:7` of the ARN of a revision. */
export const revisionName = (taskDefinition: string): string => taskDefinition.split('/').at(-1) ?? '';

/** So many tasks may end by themselves: more is a crash loop. */
const CRASH_LOOP = 3;

export interface WorkerLook {
  status: 'steady' | 'moving' | 'failed';
  cause: string;
}

/** What is seen of a worker service that was told to run a version. */
export interface WorkerSeen {
  name: string;
  wanted: { taskDefinition: string };
  fleet: WorkerFleet;
  /** Those of the service. */
  tasks: readonly WorkerTask[];
  /** Its stopped tasks, newest first. */
  stops: readonly Stop[];
  /** How long a task has to run where no health check says more. */
  steadySeconds: number;
  /** When it was told. */
  since: string;
  now: Date;
  limitSeconds: number;
}

/** A task that is healthy, or has run for long enough where nobody asks it. */
const isProven = ({ health, runsSince, stopping }: WorkerTask, now: Date, steadySeconds: number) =>
  !stopping &&
  (health === 'HEALTHY' ||
    (health === 'UNKNOWN' && runsSince !== null && secondsSince(runsSince, now) >= steadySeconds));

/** Tasks of a version that ended by themselves since then, newest first. */
const failuresSince = (stops: readonly Stop[], version: string, since: string): Stop[] =>
  stops.filter(
    ({ at, code, taskDefinition }) =>
      at >= Date.parse(since) &&
      taskDefinition === version &&
      ['EssentialContainerExited', 'TaskFailedToStart'].includes(code),
  );

/**
 * Does a worker run the wanted version alone, and do its tasks stay up? Nobody sends it requests that could tell more: a task
 * that ends or never becomes healthy is what convicts it, in the words of Amazon ECS.
 */
export function judgeWorker(seen: WorkerSeen): WorkerLook {
  const { name, wanted, fleet, tasks, now, since } = seen;
  const ours = tasks.filter(({ taskDefinition }) => taskDefinition === wanted.taskDefinition);
  const proven = ours.filter((task) => isProven(task, now, seen.steadySeconds)).length;
  const others = tasks.length - ours.length;
  const told = fleet.taskDefinition === wanted.taskDefinition;
  if (told && !fleet.rollingOut && others === 0 && proven >= fleet.desired)
    return { status: 'steady', cause: '' };

  const failures = failuresSince(seen.stops, wanted.taskDefinition, since);
  // what was there before may have failed as well
  const failed = told ? Math.max(fleet.failedTasks, failures.length) : 0;
  const late = overdue(since, now, seen.limitSeconds);
  const ended =
    wentBack(wanted, fleet, secondsSince(since, now))?.cause ??
    (failed >= CRASH_LOOP ? `${failed} of its tasks have failed` : undefined) ??
    (late && `it is not steady after ${late}`);
  const unplaced = notPlaced(fleet.events);
  const cause = [
    ...(ended ? [`worker ${name} does not work with the version it was given: ${ended}`] : []),
    `${proven} of ${fleet.desired} tasks of ${revisionName(wanted.taskDefinition)} stay up`,
    ...(others > 0 ? [`${others} of another revision run`] : []),
    ...(unplaced === undefined ? [] : [`ECS cannot place its tasks: ${unplaced}`]),
  ].join('; ');
  return ended
    ? { status: 'failed', cause: withNewestStop(cause, failures, wanted.taskDefinition) }
    : { status: 'moving', cause: `worker ${name}: ${cause}` };
}

/** What a rule or a schedule comes to that was told what to start: it says so itself, and starts it when it is due. */
export const judgeTarget = (name: string, wanted: string, stands: string): WorkerLook =>
  stands === wanted
    ? { status: 'steady', cause: '' }
    : {
        status: 'failed',
        cause: `worker ${name} was given ${revisionName(wanted)} and starts ${revisionName(stands)}: somebody else has changed it`,
      };

/** The families whose tasks a worker may have: a release may have moved it to another one. */
export const familiesOf = (...revisions: (string | undefined)[]): string[] => [
  ...new Set(revisions.flatMap((revision) => (revision ? [familyOf(revision)] : []))),
];

/** What is seen of a worker before a contract. */
export interface WorkerTrace {
  name: string;
  /** What it was told to run with the release. */
  moved: string;
  /** What it runs, or starts next; undefined where it is not there. */
  stands: string | undefined;
  /** Tasks of its families. */
  tasks: readonly WorkerTask[];
}

/**
 * What of the previous version still works beside the slots, also where nothing would start it again: a scheduled task runs to its
 * end, and nobody ends it.
 * @param released every revision that is of the release
 */
export function workerRemains(traces: readonly WorkerTrace[], released: readonly string[]): string[] {
  const left = traces
    .flatMap(({ tasks }) => tasks)
    .filter(({ taskDefinition }) => !released.includes(taskDefinition));
  const revisions = [...new Set(left.map(({ taskDefinition }) => taskDefinition))];
  return [
    ...traces.flatMap(({ name, moved, stands = '' }) =>
      stands === moved
        ? []
        : [`worker ${name} runs ${revisionName(stands) || 'nothing'} instead of ${revisionName(moved)}`],
    ),
    ...revisions.map((revision) => {
      // two workers may have one family
      const tasks = new Set(
        left.filter(({ taskDefinition }) => taskDefinition === revision).map(({ task }) => task),
      );
      return `${listed([...tasks].map(revisionName))} of ${revisionName(revision)} still runs`;
    }),
  ];
}
