import '../text/zod-english';
import * as z from 'zod/mini';
import { greenSchema } from '../deployment/variables';
import { KINDS } from '../evidence/smoke-tests';
import { MOVES } from '../workers/settings';
import { cause, greenLook, tasks, trialBegun, trialLook, waitSeconds } from './parts';

export const tryBlueResult = trialBegun;

export const startGreenResult = () =>
  z.object({
    started: z.boolean(),
    green: z.nullable(greenSchema),
    tasks: tasks(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const checkGreenResult = greenLook;

export const checkTrialResult = trialLook;

const status = () => z.enum(['passed', 'failed', 'running']);

export const smokeTestGreenResult = () =>
  z.object({
    status: status(),
    waitSeconds: waitSeconds(),
    results: z.array(
      z.object({
        test: z.string(),
        /** Absent in rows of before there were kinds. */
        kind: z.optional(z.enum(KINDS)),
        status: status(),
        because: z.string(),
      }),
    ),
    cause: cause(),
  });

export const moveWorkersResult = () =>
  z.object({
    status: z.enum(['moved', 'moving', 'failed']),
    /** Which workers these are: those that move before the first user, or after the last. */
    moves: z.enum(MOVES),
    /** What each of them was told to run. */
    workers: z.array(z.object({ worker: z.string(), taskDefinition: z.string() })),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const rollOutResult = () =>
  z.object({ started: z.boolean(), green: z.nullable(greenSchema), cause: cause() });

export const checkRolloutResult = greenLook;
