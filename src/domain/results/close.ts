import '../text/zod-english';
import * as z from 'zod/mini';
import { cause, waitSeconds } from './parts';

/** Whether the database takes a snapshot: now, soon, or not. */
export const awaitDatabaseResult = () =>
  z.object({ status: z.enum(['free', 'busy', 'stuck']), waitSeconds: waitSeconds(), cause: cause() });

/** `refused`: nothing was changed. `unset`: the rule does not say what was set. */
export const closeServiceResult = () =>
  z.object({
    status: z.enum(['closed', 'refused', 'unset']),
    closedAt: z.nullable(z.iso.datetime()),
    cause: cause(),
  });

export const stopWritersResult = () =>
  z.object({
    status: z.enum(['stopped', 'stopping', 'refused']),
    /** What each worker did before it was stopped. */
    workers: z._default(z.array(z.object({ worker: z.string(), desired: z.int() })), []),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const recordDataResult = () =>
  z.object({ recorded: z.boolean(), looked: z.optional(z.string()), cause: cause() });
