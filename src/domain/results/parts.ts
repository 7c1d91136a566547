import '../text/zod-english';
import * as z from 'zod/mini';
import { trialSchema } from '../deployment/variables';
import type { Evidence } from '../evidence/verdict';
import { levels } from '../validation/check';

/** Members that many results have. Written as functions, as every result is: see `index.ts`. */

/** Why it is as it is, for people; empty where there is nothing to say. */
export const cause = () => z.string();

/** Where its report is, or why there is none; empty in rows of before it was said. */
export const report = () => z._default(z.string(), '');

/** How long the graph waits before it looks again; 0 where nothing is waited for. */
export const waitSeconds = () => z.number();

/** How many tasks a slot has, or was told to have; absent in rows of before it was said. */
export const tasks = () => z.optional(z.int());

/** What validation found, check by check. */
export const findings = () =>
  z.array(
    z.object({
      check: z.string(),
      status: z.enum(['ok', 'warning', 'failed']),
      detail: z.string(),
    }),
  );

export const level = () => z.enum(levels);

/** Exit codes by container; absent of one that never started. */
export const exitCodes = () => z.record(z.string(), z.optional(z.number()));

export const lockNumber = () => z.object({ service: z.string(), fence: z.int() });

/** An answer of people, and what it means for the deployment. */
export const answered = () =>
  z.object({
    approved: z.boolean(),
    by: z.string(),
    reason: z.string(),
    at: z.iso.datetime(),
    cause: cause(),
  });

export const evidence = (): z.ZodMiniType<Evidence> =>
  z.object({
    verdict: z.enum(['healthy', 'unhealthy', 'undecided']),
    warning: z.optional(z.string()),
    because: z.string(),
    numbers: z.record(z.string(), z.unknown()),
  });

const trialStatus = () => z.enum(['healthy', 'undecided', 'unhealthy', 'off', 'unneeded']);

/** A trial that was started; without one, what is to be said. */
export const trialBegun = () =>
  z.object({ trial: z.nullable(trialSchema), status: trialStatus(), cause: cause() });

export const trialLook = () =>
  z.object({ status: trialStatus(), waitSeconds: waitSeconds(), cause: cause() });

/** A look at tasks that start: how many good ones there were in a row. */
export const greenLook = () =>
  z.object({
    status: z.enum(['healthy', 'undecided', 'unhealthy']),
    streak: z.int(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });
