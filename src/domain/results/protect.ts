import '../text/zod-english';
import * as z from 'zod/mini';
import { cause, waitSeconds } from './parts';

export const snapshotDatabaseResult = () =>
  z.object({
    snapshot: z.object({ name: z.string(), startedAt: z.iso.datetime() }),
    waitSeconds: waitSeconds(),
    /** Why the instance takes none now. */
    cause: cause(),
  });

export const checkSnapshotResult = () =>
  z.object({
    status: z.enum(['missing', 'creating', 'available', 'failed']),
    /** 0..100. */
    progress: z.number(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });
