import '../text/zod-english';
import * as z from 'zod/mini';
import { deciders } from '../rollback/decider';
import { answered, cause, greenLook, waitSeconds } from './parts';

export const startBlueResult = () => z.object({ startedAt: z.iso.datetime(), cause: cause() });

export const checkBlueResult = greenLook;

export const returnTrafficResult = () =>
  z.object({
    returned: z.boolean(),
    /** Blue does not have the tasks yet that all users need. */
    waiting: z.boolean(),
    /** For how long the service was closed, where this opened it. */
    closedSeconds: z.nullable(z.number()),
    at: z.string(),
    waitSeconds: waitSeconds(),
    /** Of a return: why users went back to fewer tasks than they need; empty where blue had them. */
    cause: cause(),
  });

export const undoRolloutResult = () =>
  z.object({
    status: z.enum(['returned', 'returning', 'stuck']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const returnWorkersResult = () =>
  z.object({
    status: z.enum(['returned', 'returning', 'stuck']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const confirmRollbackResult = () =>
  z.object({ question: z.string(), decides: z.enum(deciders), expiresAt: z.iso.datetime() });

export const recordConfirmationResult = answered;
