import type { Clock } from '../clock';

interface Timer {
  due: number;
  fire(): void;
}

export interface VirtualClock extends Clock {
  /** Timers that have not fired; 0 once everything that slept has ended or was aborted. */
  pending(): number;
}

/**
 * A clock without waiting: whenever nothing else is left to run, it jumps to the earliest timer. Work is only seen
 * while it sleeps on this clock or runs in promise jobs; real input and output beside it looks idle.
 * @param start milliseconds since the epoch
 */
export function virtualClock(start = Date.parse('2026-01-01T00:00:00Z')): VirtualClock {
  let now = start;
  let timers: Timer[] = [];
  let scheduled = false;

  const jump = () => {
    scheduled = false;
    if (timers.length === 0) return;
    now = Math.max(now, Math.min(...timers.map((timer) => timer.due)));
    const due = timers.filter((timer) => timer.due <= now);
    timers = timers.filter((timer) => timer.due > now);
    for (const timer of due) timer.fire();
    schedule();
  };
  const schedule = () => {
    if (scheduled || timers.length === 0) return;
    scheduled = true;
    // An immediate runs after all promise jobs, that is when everything is waiting for the clock.
    setImmediate(jump);
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        timers = timers.filter((other) => other !== timer);
        reject(signal?.reason);
      };
      const timer: Timer = {
        due: now + Math.max(0, ms),
        fire: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      timers.push(timer);
      schedule();
    });

  return { now: () => Math.round(now), sleep, deadline: sleep, pending: () => timers.length };
}
