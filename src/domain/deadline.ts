/** Seconds between two instants. */
export const secondsSince = (start: string, now: Date) => (now.getTime() - Date.parse(start)) / 1000;

/** `120 s` once the deadline has passed, undefined before. */
export function overdue(start: string, now: Date, limitSeconds: number): string | undefined {
  const elapsed = secondsSince(start, now);
  return elapsed > limitSeconds ? `${Math.round(elapsed)} s` : undefined;
}
