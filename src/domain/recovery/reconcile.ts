/** `unknown`: Step Functions does not know it, or not any more. */
export type ExecutionState = 'running' | 'over' | 'unknown';

/** How often an unfinished deployment is resumed by itself. */
export const RECOVERIES = 3;

export interface Left {
  /** Who holds the service's lock; undefined while it is free. */
  held?: { holder: string; execution: string; expires: string; stuck: boolean };
  /** The execution that drives the holder. */
  driver: ExecutionState;
  /** The recoveries of the holder that there can be, the first first. */
  recoveries: ExecutionState[];
  now: Date;
}

export type Reconciliation =
  | { do: 'nothing'; because: string }
  | { do: 'recover'; attempt: number }
  | { do: 'tell' };

/**
 * What becomes of a lock: a deployment whose execution is over never ends by itself, so it is resumed, a few
 * times, and then left to people. Looking twice, or at the same time, starts the same recovery once, because its name
 * follows from the attempt.
 */
export function reconcile({ held, driver, recoveries, now }: Left): Reconciliation {
  if (!held) return { do: 'nothing', because: 'the lock is free' };
  if (held.stuck) return { do: 'nothing', because: 'it waits for a person' };
  if (driver === 'running') return { do: 'nothing', because: 'its execution runs' };
  // an execution nobody knows may be one that is only beginning: the lease tells how long that may take
  if (driver === 'unknown' && Date.parse(held.expires) > now.getTime())
    return { do: 'nothing', because: `its lease lasts until ${held.expires}` };
  if (recoveries.includes('running')) return { do: 'nothing', because: 'its recovery runs' };
  const attempt = recoveries.indexOf('unknown');
  return attempt < 0 ? { do: 'tell' } : { do: 'recover', attempt: attempt + 1 };
}

/** An execution name has at most 80 characters. Source: AWS Step Functions API Reference, StartExecution. */
const named = (deployment: string, suffix: string) => `${deployment.slice(0, 80 - suffix.length)}${suffix}`;

/** Names of the executions that resume a deployment: what runs under them follows from what is asked. */
export const recoveryName = (deployment: string, attempt: number) => named(deployment, `-recover-${attempt}`);
export const rollbackName = (deployment: string, attempt: number) =>
  named(deployment, `-rollback-${attempt}`);
