/** Seconds between two instants. */
export const secondsSince = (start: string, now: Date) => (now.getTime() - Date.parse(start)) / 1000;

/** `120 s` once the deadline has passed, undefined before. */
export function overdue(start: string, now: Date, limitSeconds: number): string | undefined {
  const elapsed = secondsSince(start, now);
  return elapsed > limitSeconds ? `${Math.round(elapsed)} s` : undefined;
}

/**
 * A pause that grows with the time that has passed, so that the longest wait costs a hundred looks at most: a
 * state machine's history ends at 25,000 events, and every look is paid for.
 */
export const growingPause = (elapsedSeconds: number, first: number) =>
  Math.min(Math.max(Math.ceil(elapsedSeconds), first), Math.max(60, Math.ceil(elapsedSeconds / 10)));

/** Seconds until the first poll: what may take an hour is not over after a second. */
export const firstPoll = (limitSeconds: number) => Math.min(Math.max(Math.floor(limitSeconds / 300), 1), 10);

/** Seconds until the next poll of what may take `limitSeconds`: soon at first, when most things end, then less and less. */
export const nextPoll = (start: string, now: Date, limitSeconds: number) =>
  growingPause(secondsSince(start, now), firstPoll(limitSeconds));

/** Seconds until the next poll of what is over within a minute or so, as tasks are that have been told to stop. */
export const nextShortPoll = (start: string, now: Date) => growingPause(secondsSince(start, now) / 4, 1);
