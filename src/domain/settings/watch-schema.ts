import * as z from 'zod/mini';
import { seconds } from './policy';

/** When a migration that runs is warned about, cancelled, and tried again. */
export const watchSchema = z.strictObject({
  warnSeconds: z._default(
    seconds.check(z.describe('A run that takes longer is told as an event, once.')),
    300,
  ),
  blockedSessions: z._default(
    z
      .int()
      .check(
        z.nonnegative(),
        z.describe(
          'A run behind which more sessions than these wait, each for `blockedSeconds`, is cancelled.',
        ),
      ),
    5,
  ),
  blockedSeconds: z._default(seconds.check(z.describe('For how long a session waits before it counts.')), 15),
  lagSeconds: z._default(
    seconds.check(z.describe('A run is cancelled when a standby is behind by more.')),
    300,
  ),
  retries: z._default(
    z
      .int()
      .check(
        z.nonnegative(),
        z.maximum(10),
        z.describe('How often a run that was cancelled is tried again, where it has left nothing half-done.'),
      ),
    2,
  ),
  retrySeconds: z._default(
    z
      .int()
      .check(
        z.positive(),
        z.maximum(3600),
        z.describe(
          'How long to wait before another try: between half of it and half as much again, by chance.',
        ),
      ),
    60,
  ),
});
export type WatchLimits = z.infer<typeof watchSchema>;
