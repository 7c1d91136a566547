import '../text/zod-english';
import * as z from 'zod/mini';
import { testBatchSchema } from '../evidence/test-requests';
import { deciders } from '../rollback/decider';
import { cause, evidence, waitSeconds } from './parts';

export const shiftTrafficResult = () =>
  z.object({
    shifted: z.boolean(),
    /** Green does not have the tasks yet that its share needs. */
    waiting: z.boolean(),
    greenPercent: z.int(),
    /** For how long the service was closed, where this opened it. */
    closedSeconds: z.nullable(z.number()),
    at: z.string(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const observeGreenResult = () =>
  z.object({
    verdict: z.enum(['healthy', 'unhealthy', 'undecided']),
    next: z.enum(['return', 'shift', 'finish', 'wait']),
    waitSeconds: waitSeconds(),
    decides: z.enum(deciders),
    warnings: z.array(z.string()),
    evidence: z.object({
      /** These four absent of a pure worker, which answers nobody. */
      errors: z.optional(evidence()),
      clientErrors: z.optional(evidence()),
      latency: z.optional(evidence()),
      testRequests: z.optional(evidence()),
      fleet: evidence(),
      database: evidence(),
      /** Each absent of a service that names none. */
      alarms: z.optional(evidence()),
      metrics: z.optional(evidence()),
    }),
    /** What green was asked at this look and those before it in the bake. */
    tests: z.array(testBatchSchema),
    cause: cause(),
  });
