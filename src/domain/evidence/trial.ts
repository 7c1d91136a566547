import type { Deployment } from '../deployment/deployment';
import { overdue, secondsSince } from '../time/deadline';

/**
 * Whether the previous version can still start: one task of it is started on the schema as it is, outside the traffic, and
 * has to become healthy. That it serves proves nothing of the kind: its tasks have read the schema of before.
 */
export interface TrialLook {
  /** `off`: the service's settings say so. `unneeded`: it would show nothing. */
  status: 'healthy' | 'undecided' | 'unhealthy' | 'off' | 'unneeded';
  cause: string;
}

/** How long a task without a health check has to run, and how long any may take to become healthy. */
export interface TrialLimits {
  steadySeconds: number;
  readySeconds: number;
}

/** Why there is no trial; undefined where there is to be one. */
export function withoutTrial(
  { settings, strategy }: Pick<Deployment, 'settings' | 'strategy'>,
  migrationRan: boolean,
): TrialLook | undefined {
  if (!migrationRan)
    return {
      status: 'unneeded',
      cause: 'no migration ran, so the previous version can start as it could before',
    };
  // a window's rollback starts it before the service is opened again, and wants it healthy
  if (strategy === 'MAINTENANCE')
    return {
      status: 'unneeded',
      cause: 'a service that was closed opens on a previous version that was started anew',
    };
  return settings.trial
    ? undefined
    : {
        status: 'off',
        cause: 'that the previous version can still start was not proven: the settings say trial: null',
      };
}

interface Task {
  status: 'missing' | 'running' | 'stopped';
  runsSince: string | null;
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  detail: string;
}

/** @param checked its container has a health check */
export function judgeTrial(
  task: Task,
  { startedAt, checked }: { startedAt: string; checked: boolean },
  { steadySeconds, readySeconds }: TrialLimits,
  now: Date,
): TrialLook {
  const cannot = (why: string): TrialLook => ({
    status: 'unhealthy',
    cause: `the previous version cannot start on the schema as it is: ${why}`,
  });
  if (task.status === 'stopped') return cannot(`its task has ended, ${task.detail}`);
  if (task.health === 'UNHEALTHY') return cannot('its task fails its health check');
  const runs = task.runsSince === null ? 0 : secondsSince(task.runsSince, now);
  if (checked && task.health === 'HEALTHY')
    return { status: 'healthy', cause: 'the previous version can still start: a task of it became healthy' };
  if (!checked && runs >= steadySeconds)
    return {
      status: 'healthy',
      cause: `the previous version can still start: a task of it, which has no health check, has run for ${Math.floor(runs)} s`,
    };
  const late = overdue(startedAt, now, readySeconds);
  return late
    ? cannot(`its task is not healthy after ${late}, ${task.detail}`)
    : { status: 'undecided', cause: `trying whether the previous version can start: ${task.detail}` };
}
