import '../text/zod-english';
import * as z from 'zod/mini';
import { greenSchema } from '../deployment/variables';
import { cause, greenLook, tasks, waitSeconds } from './parts';

export const startGreenResult = () =>
  z.object({
    started: z.boolean(),
    green: z.nullable(greenSchema),
    tasks: tasks(),
    waitSeconds: waitSeconds(),
    cause: cause(),
  });

export const checkGreenResult = greenLook;

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
