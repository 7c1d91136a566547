import type { Clock } from '../../local/clock';

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Moves the time on; sleeps that are over by then end, in the order of their ends. */
  advance(ms: number): void;
  /** How many sleeps are under way. */
  sleeping(): number;
}

export function manualClock(start = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = start;
  const sleeps = new Set<{ end: number; wake: () => void }>();
  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        sleeps.delete(own);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const own = { end: now + ms, wake };
      sleeps.add(own);
      signal?.addEventListener('abort', abort);
    });
  return {
    now: () => now,
    sleep,
    deadline: sleep,
    advance: (ms) => {
      now += ms;
      for (const own of [...sleeps].sort((a, b) => a.end - b.end)) {
        if (own.end > now) continue;
        sleeps.delete(own);
        own.wake();
      }
    },
    sleeping: () => sleeps.size,
  };
}
