import '../text/zod-english';
import * as z from 'zod/mini';
import { deciders } from '../rollback/decider';
import { answered, cause, greenLook, waitSeconds } from './parts';

export const startBlueResult = () => z.object({ startedAt: z.iso.datetime(), cause: cause() });

export const checkBlueResult = greenLook;

export const returnTrafficResult = () =>
  z.object({
    returned: z.boolean(),
    /** For how long the service was closed, where this opened it. */
    closedSeconds: z.nullable(z.number()),
    at: z.string(),
    cause: cause(),
  });

export const undoRolloutResult = () =>
  z.object({
    status: z.enum(['returned', 'returning', 'stuck']),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const confirmRollbackResult = () =>
  z.object({ question: z.string(), decides: z.enum(deciders), expiresAt: z.iso.datetime() });

export const recordConfirmationResult = answered;
