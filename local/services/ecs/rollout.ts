/** What a rolling deployment sees of a service: only tasks that nobody has asked to stop. */
export interface Fleet {
  desired: number;
  /** Tasks of the newest deployment. */
  current: { live: number; healthy: number };
  /** Tasks of the deployments before it. */
  previous: { live: number; healthy: number };
  /** Percent of the desired count that may live at most, and has to be healthy at least. */
  maximumPercent: number;
  minimumHealthyPercent: number;
}

export interface Moves {
  /** How many tasks of the newest deployment to start. */
  start: number;
  /** How many tasks of earlier deployments to stop, those that are not healthy first. */
  stopPrevious: number;
  /** How many tasks of the newest deployment are too many. */
  stopCurrent: number;
}

/** The next moves of the rolling controller: never more tasks than allowed, never fewer healthy ones. */
export function nextMoves({
  desired,
  current,
  previous,
  maximumPercent,
  minimumHealthyPercent,
}: Fleet): Moves {
  const most = Math.floor((desired * maximumPercent) / 100);
  const least = Math.ceil((desired * minimumHealthyPercent) / 100);
  const room = most - current.live - previous.live;
  const sparable = Math.max(0, current.healthy + previous.healthy - least);
  const idle = previous.live - previous.healthy;
  return {
    start: Math.max(0, Math.min(desired - current.live, room)),
    // a task that is not healthy serves nobody: it may always go
    stopPrevious: Math.min(previous.live, idle + Math.min(previous.healthy, sparable)),
    stopCurrent: Math.max(0, current.live - desired),
  };
}

/** Failures before the circuit breaker opens: half the desired count, 3 to 200. */
export const breakerThreshold = (desired: number) => Math.min(200, Math.max(3, Math.ceil(desired / 2)));

const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;

/** Cloud milliseconds to wait before the next start after so many failures in a row. */
export const backOff = (failuresInARow: number) =>
  failuresInARow === 0 ? 0 : Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failuresInARow - 1));
