import '../text/zod-english';
import * as z from 'zod/mini';
import { greenSchema } from '../deployment/variables';
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
    results: z.array(z.object({ test: z.string(), status: status(), because: z.string() })),
    cause: cause(),
  });

export const rollOutResult = () =>
  z.object({ started: z.boolean(), green: z.nullable(greenSchema), cause: cause() });

export const checkRolloutResult = greenLook;
