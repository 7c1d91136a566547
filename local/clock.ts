/**
 * The time of the local cloud. Everything that waits in it (Wait states, retry back-off, health checks,
 * deregistration delays) asks this clock, so that a whole day of baking can pass in a second.
 */
export interface Clock {
  /** Milliseconds since the epoch, in cloud time. */
  now(): number;
  /** Resolves after `ms` of cloud time; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves after `ms` for something that does real work (a Lambda, a process). Never faster than real time:
   * an accelerated clock must not time out work that runs at its own speed.
   */
  deadline(ms: number, signal?: AbortSignal): Promise<void>;
}

/** setTimeout's largest delay; longer waits are taken in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let left = ms;
    let timer: NodeJS.Timeout;
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const next = () => {
      const piece = Math.min(left, LONGEST_TIMER_MS);
      left -= piece;
      timer = setTimeout(() => {
        if (left > 0) return next();
        signal?.removeEventListener('abort', abort);
        resolve();
      }, piece);
    };
    signal?.addEventListener('abort', abort, { once: true });
    next();
  });
}

/** A clock that runs `speed` times as fast as the wall clock; 1 is real time. */
export function scaledClock(speed = 1): Clock {
  const started = Date.now();
  const since = performance.now();
  return {
    now: () => Math.round(started + (performance.now() - since) * speed),
    sleep: (ms, signal) => wait(ms / speed, signal),
    deadline: (ms, signal) => wait(ms, signal),
  };
}
