/** Seconds between two instants. */
export const secondsSince = (start: string, now: Date) => (now.getTime() - Date.parse(start)) / 1000;

/** `120 s` once the deadline has passed, undefined before. */
export function overdue(start: string, now: Date, limitSeconds: number): string | undefined {
  const elapsed = secondsSince(start, now);
  return elapsed > limitSeconds ? `${Math.round(elapsed)} s` : undefined;
}

/**
 * Seconds until the next poll: soon at first, when most things end, then less and less, so that a long
 * wait does not eat the history of the execution (25,000 events).
 */
export const nextPoll = (start: string, now: Date) =>
  Math.min(Math.max(Math.ceil(secondsSince(start, now) / 4), 1), 30);
