import '../text/zod-english';
import * as z from 'zod/mini';
import { answered, cause, waitSeconds } from './parts';

export const requestApprovalResult = () =>
  z.object({ question: z.string(), because: z.string(), expiresAt: z.iso.datetime() });

export const recordApprovalResult = answered;

/** `again`: it waited, may begin now, and holds no lock; what was analysed before is looked at once more. */
export const awaitWindowResult = () =>
  z.object({
    status: z.enum(['open', 'waiting', 'again', 'closed']),
    /** When it may begin; null where it may now, or not at all. */
    opensAt: z.nullable(z.iso.datetime()),
    /** For when people were told of its maintenance window; null before. */
    announcedFor: z.nullable(z.iso.datetime()),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });
