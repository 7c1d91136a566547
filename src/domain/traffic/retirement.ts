import { secondsSince } from '../time/deadline';

/** Who holds the lock for the moment in which tasks are scaled between deployments. */
export const RETIREMENT = 'retirement';

/** Is the time over for which the previous version was kept running? */
export const retires = (record: { warmUntil?: string }, now: Date): boolean =>
  record.warmUntil !== undefined && secondsSince(record.warmUntil, now) >= 0;
