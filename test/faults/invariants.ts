import graph from '../../statemachines/deployment.asl.json';
import type { Ended, World } from '../scenarios/world';

/** What stands in the world, as far as the invariants ask for it. */
export interface Standing {
  weights: Record<'a' | 'b', number>;
  /** The versions that answer users. */
  serving: string[];
  running: Record<'a' | 'b', number>;
  applied: string[];
  fingerprint: string;
  lockHolder: string | undefined;
  migrationTasks: number;
  lost: number;
  /** The database's password, which nobody may ever find. */
  secret: string;
}

export async function stands(world: World): Promise<Standing> {
  const { applied, fingerprint } = await world.schema();
  return {
    weights: await world.weights(),
    serving: await world.serving(),
    running: await world.running(),
    applied,
    fingerprint,
    lockHolder: await world.lockHolder(),
    migrationTasks: await world.migrationTasks(),
    lost: world.load.lost(),
    secret: await world.password(),
  };
}

/** The version that an execution was asked to release. */
function released({ events }: Ended): string | undefined {
  const input = events[0]?.executionStartedEventDetails?.input ?? '{}';
  const { image } = JSON.parse(input) as { image?: string };
  return image?.split(':')[1];
}

/** The end of an execution that was stopped before it held the lock: there is no deployment that anybody could end. */
export const STOPPED = 'Stopped';

const ends = Object.entries(graph.States)
  .filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail')
  .map(([name]) => name);

/** The last end that the executions of a deployment came to, one of the graph's or `Stopped`; `none` without any. */
export function endOf(executions: readonly Ended[]): { outcome: string; cause: string } {
  const last = executions.findLast(({ outcome }) => ends.includes(outcome));
  const begun = executions.some(({ path }) => path.includes('AcquireLock'));
  return last ?? { outcome: begun ? 'none' : STOPPED, cause: '' };
}

/** Whatever the end says must be true of the world. */
function endProblems(
  before: Standing,
  now: Standing,
  outcome: string,
  version: string | undefined,
): string[] {
  const problems: string[] = [];
  const unchanged = (what: string, one: unknown, other: unknown) => {
    if (JSON.stringify(one) !== JSON.stringify(other))
      problems.push(`${outcome}, and ${what} went from ${JSON.stringify(one)} to ${JSON.stringify(other)}`);
  };
  const idle = now.weights.a === 0 ? 'a' : 'b';
  switch (outcome) {
    case 'DeploymentSucceeded':
      unchanged('the version that serves', [version], now.serving);
      break;
    case 'RolledBack':
      unchanged('the version that serves', before.serving, now.serving);
      if (now.running[idle] > 0)
        problems.push(`RolledBack, and slot ${idle} runs ${now.running[idle]} tasks`);
      for (const id of before.applied)
        if (!now.applied.includes(id)) problems.push(`RolledBack, and migration ${id} is gone`);
      break;
    case 'DeploymentRejected':
    case 'PlanReported':
    case STOPPED:
      for (const what of ['weights', 'serving', 'running', 'applied', 'fingerprint'] as const)
        unchanged(what, before[what], now[what]);
      break;
    case 'NeedsOperator':
      if (now.lockHolder === undefined) problems.push('NeedsOperator, and the lock is free');
      break;
    default:
      problems.push('came to no end');
  }
  if (outcome !== 'NeedsOperator' && now.lockHolder !== undefined)
    problems.push(`${outcome}, and ${now.lockHolder} holds the lock`);
  return problems;
}

/** Every invariant that does not hold, one line each. */
export function untrue(before: Standing, now: Standing, executions: readonly Ended[]): string[] {
  const last = endOf(executions);
  const problems = endProblems(before, now, last.outcome, executions[0] && released(executions[0]));
  const sides = Object.values(now.weights).filter((weight) => weight > 0);
  if (last.outcome !== 'NeedsOperator' && sides.length !== 1)
    problems.push(`traffic is split ${JSON.stringify(now.weights)}`);
  // where somebody else moved the weights, an operator finds them as they were left
  const settled = last.outcome === 'NeedsOperator' || now.serving.length === 1;
  if (!settled || now.serving.some((version) => !/^v\d/.test(version)))
    problems.push(`users are served by ${now.serving.join(', ') || 'nobody'}`);
  if (now.migrationTasks > 0) problems.push(`${now.migrationTasks} migration tasks still run`);
  if (now.lost > before.lost) problems.push(`${now.lost - before.lost} requests were lost`);
  if (last.outcome === 'NeedsOperator' && !last.cause.includes('aws '))
    problems.push(`NeedsOperator names no command: ${last.cause}`);
  if (executions.some(({ events }) => JSON.stringify(events).includes(now.secret)))
    problems.push('the database password stands in the history');
  return problems;
}
