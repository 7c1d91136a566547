import '../text/zod-english';
import * as z from 'zod/mini';
import { cause, waitSeconds } from './parts';

export const snapshotDatabaseResult = () =>
  z.object({
    snapshot: z.object({ name: z.string(), startedAt: z.iso.datetime() }),
    waitSeconds: waitSeconds(),
  });

export const checkSnapshotResult = () =>
  z.object({
    status: z.enum(['creating', 'available', 'failed']),
    /** 0..100. */
    progress: z.number(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });
